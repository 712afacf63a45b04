-- Drop index same_name of table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), briefly.
-- Runs outside a transaction.
DROP INDEX CONCURRENTLY same_name;

-- Create index same_name on table u.
-- Locks: SHARE UPDATE EXCLUSIVE on u (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY same_name ON u USING btree (a);
