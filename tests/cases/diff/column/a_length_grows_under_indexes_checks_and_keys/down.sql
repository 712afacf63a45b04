BEGIN;

-- Change column t.name from character varying(40) to character varying(20).
-- Locks: ACCESS EXCLUSIVE on t, u (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Fails if a value does not fit character varying(20).
ALTER TABLE t ALTER COLUMN name TYPE character varying(20);

COMMIT;

BEGIN;

-- Change column t.note from character varying(40) to character varying(20).
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Fails if a value does not fit character varying(20).
ALTER TABLE t ALTER COLUMN note TYPE character varying(20);

COMMIT;
