BEGIN;

-- Change column t.d from timestamp(0) with time zone to timestamp with time zone.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ALTER COLUMN d TYPE timestamp with time zone;

COMMIT;

BEGIN;

-- Change column t.a from bigint to integer.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Fails if a value is out of range for integer.
ALTER TABLE t ALTER COLUMN a TYPE integer;

COMMIT;

BEGIN;

-- Change column t.b from text to character varying(20).
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Fails if a value does not fit character varying(20).
ALTER TABLE t ALTER COLUMN b TYPE character varying(20);

COMMIT;

BEGIN;

-- Change column t.c from numeric(12,2) to numeric(10,2).
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE t ALTER COLUMN c TYPE numeric(10,2);

COMMIT;

BEGIN;

-- Change column t.e from text[] to character varying(10)[].
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Fails if a value does not fit character varying(10)[].
ALTER TABLE t ALTER COLUMN e TYPE character varying(10)[];

COMMIT;
