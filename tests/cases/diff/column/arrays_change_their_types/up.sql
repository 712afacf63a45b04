BEGIN;

-- Change column t.b from character varying(20)[] to character varying[].
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ALTER COLUMN b TYPE character varying[];

-- Change column t.e from numeric(10,2) to numeric(12,2).
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ALTER COLUMN e TYPE numeric(12,2);

-- Change column t.f from bit varying(8) to bit varying.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ALTER COLUMN f TYPE bit varying;

COMMIT;

BEGIN;

-- Change column t.a from character varying(20)[] to character varying(40)[].
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE t ALTER COLUMN a TYPE character varying(40)[];

COMMIT;

BEGIN;

-- Change column t.c from integer[] to bigint[].
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE t ALTER COLUMN c TYPE bigint[];

COMMIT;

BEGIN;

-- Change column t.d from text[] to character varying[].
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE t ALTER COLUMN d TYPE character varying[];

COMMIT;
