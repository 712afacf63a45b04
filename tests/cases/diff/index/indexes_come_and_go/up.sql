BEGIN;

-- Create table u.
-- No locks on existing tables.
CREATE TABLE u (
    a text NOT NULL
);

-- Create index not_concurrently on table u.
CREATE INDEX not_concurrently ON u USING btree (a);

COMMIT;

-- Drop index gone_1 of table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), briefly.
-- Runs outside a transaction.
DROP INDEX CONCURRENTLY gone_1;

-- Drop index gone_2 of table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), briefly.
-- Runs outside a transaction.
DROP INDEX CONCURRENTLY gone_2;

-- Create index new_1 on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY new_1 ON t USING btree (a);

BEGIN;

-- Set comment on index new_1.
COMMENT ON INDEX new_1 IS 'fresh';

COMMIT;

-- Create spgist index new_2 on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY new_2 ON t USING spgist (b);
