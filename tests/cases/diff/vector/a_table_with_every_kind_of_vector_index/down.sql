-- Drop table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
-- Loses every row of the table.
DROP TABLE t;
