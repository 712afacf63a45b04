BEGIN;

-- Change column t.a from character varying(40)[] to character varying(20)[].
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Fails if a value does not fit character varying(20)[].
ALTER TABLE t ALTER COLUMN a TYPE character varying(20)[];

COMMIT;

BEGIN;

-- Change column t.b from character varying[] to character varying(20)[].
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Fails if a value does not fit character varying(20)[].
ALTER TABLE t ALTER COLUMN b TYPE character varying(20)[];

COMMIT;

BEGIN;

-- Change column t.c from bigint[] to integer[].
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Fails if a value is out of range for integer[].
ALTER TABLE t ALTER COLUMN c TYPE integer[];

COMMIT;

BEGIN;

-- Change column t.d from character varying[] to text[].
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE t ALTER COLUMN d TYPE text[];

COMMIT;

BEGIN;

-- Change column t.e from numeric(12,2) to numeric(10,2).
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE t ALTER COLUMN e TYPE numeric(10,2);

COMMIT;

BEGIN;

-- Change column t.f from bit varying to bit varying(8).
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Fails if a value does not fit bit varying(8).
ALTER TABLE t ALTER COLUMN f TYPE bit varying(8);

COMMIT;
