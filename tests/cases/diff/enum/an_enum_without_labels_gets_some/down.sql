-- Drop table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for a moment.
-- Loses every row of the table.
DROP TABLE t;

-- Rename enum e to e_old.
ALTER TYPE e RENAME TO e_old;

-- Create enum e.
CREATE TYPE e AS ENUM ();

-- Drop enum e_old.
DROP TYPE e_old;
