-- Drop constraint parts_up_fkey of table parts.
-- Locks: ACCESS EXCLUSIVE on parts, parts_high, parts_low (reads and writes wait), briefly.
ALTER TABLE parts DROP CONSTRAINT parts_up_fkey;

-- Drop table parts_high.
-- Locks: ACCESS EXCLUSIVE on parts, parts_high (reads and writes wait), briefly.
-- Loses every row of the table.
DROP TABLE parts_high;

-- Drop table parts_low.
-- Locks: ACCESS EXCLUSIVE on parts, parts_low (reads and writes wait), briefly.
-- Loses every row of the table.
DROP TABLE parts_low;

-- Drop table parts.
-- Locks: ACCESS EXCLUSIVE on parts (reads and writes wait), briefly.
-- Loses every row of the table.
DROP TABLE parts;
