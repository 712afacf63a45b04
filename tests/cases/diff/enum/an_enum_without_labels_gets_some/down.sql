-- Drop table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for a moment.
-- Loses every row of the table.
DROP TABLE t;

-- Drop enum e.
DROP TYPE e;

-- Create enum e.
CREATE TYPE e AS ENUM ();
