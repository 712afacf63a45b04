-- Drop index new_1 of table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), briefly.
-- Runs outside a transaction.
DROP INDEX CONCURRENTLY new_1;

-- Drop index new_2 of table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), briefly.
-- Runs outside a transaction.
DROP INDEX CONCURRENTLY new_2;

-- Create index gone_1 on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY gone_1 ON t USING btree (a);

-- Create brin index gone_2 on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY gone_2 ON t USING brin (a) WITH (pages_per_range = 64);

BEGIN;

-- Drop table u.
-- Locks: ACCESS EXCLUSIVE on u (reads and writes wait), briefly.
-- Loses every row of the table.
DROP TABLE u;

COMMIT;
