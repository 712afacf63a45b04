-- Drop constraint a_b_id_fkey of table a.
-- Locks: ACCESS EXCLUSIVE on a, b (reads and writes wait), briefly.
ALTER TABLE a DROP CONSTRAINT a_b_id_fkey;

-- Drop constraint b_c_id_fkey of table b.
-- Locks: ACCESS EXCLUSIVE on b, c (reads and writes wait), briefly.
ALTER TABLE b DROP CONSTRAINT b_c_id_fkey;

-- Drop constraint c_a_id_fkey of table c.
-- Locks: ACCESS EXCLUSIVE on a, c (reads and writes wait), briefly.
ALTER TABLE c DROP CONSTRAINT c_a_id_fkey;

-- Drop table a.
-- Locks: ACCESS EXCLUSIVE on a (reads and writes wait), briefly.
-- Loses every row of the table.
DROP TABLE a;

-- Drop table b.
-- Locks: ACCESS EXCLUSIVE on b (reads and writes wait), briefly.
-- Loses every row of the table.
DROP TABLE b;

-- Drop table c.
-- Locks: ACCESS EXCLUSIVE on c (reads and writes wait), briefly.
-- Loses every row of the table.
DROP TABLE c;
