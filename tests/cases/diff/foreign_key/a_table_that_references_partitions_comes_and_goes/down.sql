-- Drop table z.
-- Locks: ACCESS EXCLUSIVE on parts, parts_low, z (reads and writes wait), briefly.
-- Loses every row of the table.
DROP TABLE z;

-- Drop table parts_low.
-- Locks: ACCESS EXCLUSIVE on parts, parts_low (reads and writes wait), briefly.
-- Loses every row of the table.
DROP TABLE parts_low;

-- Drop table parts.
-- Locks: ACCESS EXCLUSIVE on parts (reads and writes wait), briefly.
-- Loses every row of the table.
DROP TABLE parts;
