-- Drop constraint new of table b.
-- Locks: ACCESS EXCLUSIVE on a, b (reads and writes wait), until the transaction ends, which takes long.
ALTER TABLE b DROP CONSTRAINT new;

-- Drop constraint one of table b.
-- Locks: ACCESS EXCLUSIVE on a, b (reads and writes wait), until the transaction ends, which takes long.
ALTER TABLE b DROP CONSTRAINT one;

-- Drop constraint two of table b.
-- Locks: ACCESS EXCLUSIVE on a, b (reads and writes wait), until the transaction ends, which takes long.
ALTER TABLE b DROP CONSTRAINT two;

-- Add constraint gone to table b.
-- Locks: SHARE ROW EXCLUSIVE on a, b (writes wait, reads go on), until the transaction ends, which takes long.
-- Reads every row.
-- Fails if a row references nothing.
ALTER TABLE b ADD CONSTRAINT gone FOREIGN KEY (v, u) REFERENCES a (id, part);

-- Add constraint one to table b.
-- Locks: SHARE ROW EXCLUSIVE on a, b (writes wait, reads go on), until the transaction ends, which takes long.
-- Reads every row.
-- Fails if a row references nothing.
ALTER TABLE b ADD CONSTRAINT one FOREIGN KEY (u, v) REFERENCES a (id, part);

-- Add constraint two to table b.
-- Locks: SHARE ROW EXCLUSIVE on a, b (writes wait, reads go on), for as long as it takes.
-- Reads every row.
-- Fails if a row references nothing.
ALTER TABLE b ADD CONSTRAINT two FOREIGN KEY (u, v) REFERENCES a (id, part) ON DELETE SET NULL;

-- Describe constraint four on b.
COMMENT ON CONSTRAINT four ON b IS 'old';

-- Change when constraint three of table b is checked.
-- Locks: ACCESS EXCLUSIVE on b (reads and writes wait), for a moment.
ALTER TABLE b ALTER CONSTRAINT three DEFERRABLE INITIALLY IMMEDIATE;
