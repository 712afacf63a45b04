BEGIN;

-- Change column t.b from character varying(20) to text.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ALTER COLUMN b TYPE text;

-- Change column t.c from numeric(10,2) to numeric(12,2).
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ALTER COLUMN c TYPE numeric(12,2);

COMMIT;

BEGIN;

-- Change column t.a from integer to bigint.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE t ALTER COLUMN a TYPE bigint;

COMMIT;

BEGIN;

-- Change column t.d from timestamp with time zone to timestamp(0) with time zone.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Fails if a value does not fit timestamp(0) with time zone.
ALTER TABLE t ALTER COLUMN d TYPE timestamp(0) with time zone;

COMMIT;

BEGIN;

-- Change column t.e from character varying(10)[] to text[].
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE t ALTER COLUMN e TYPE text[];

COMMIT;
