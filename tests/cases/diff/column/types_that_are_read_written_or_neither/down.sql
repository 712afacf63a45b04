BEGIN;

-- Change column t16.a from timestamp(0) with time zone to timestamp with time zone.
-- Locks: ACCESS EXCLUSIVE on t16 (reads and writes wait), briefly.
ALTER TABLE t16 ALTER COLUMN a TYPE timestamp with time zone;

-- Change column t23.a from interval(3) to interval.
-- Locks: ACCESS EXCLUSIVE on t23 (reads and writes wait), briefly.
ALTER TABLE t23 ALTER COLUMN a TYPE interval;

-- Change column t24.a from time without time zone to time(6) without time zone.
-- Locks: ACCESS EXCLUSIVE on t24 (reads and writes wait), briefly.
-- Fails if a value does not fit time(6) without time zone.
ALTER TABLE t24 ALTER COLUMN a TYPE time(6) without time zone;

-- Change column t4.a from character varying(10) to character varying(20).
-- Locks: ACCESS EXCLUSIVE on t4 (reads and writes wait), briefly.
ALTER TABLE t4 ALTER COLUMN a TYPE character varying(20);

-- Change column t5.a from character varying(50) to text.
-- Locks: ACCESS EXCLUSIVE on t5 (reads and writes wait), briefly.
ALTER TABLE t5 ALTER COLUMN a TYPE text;

-- Change column t6.a from character varying to text.
-- Locks: ACCESS EXCLUSIVE on t6 (reads and writes wait), briefly.
ALTER TABLE t6 ALTER COLUMN a TYPE text;

COMMIT;

BEGIN;

-- Change column t1.a from character varying(40) to character varying(20).
-- Locks: ACCESS EXCLUSIVE on t1 (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Fails if a value does not fit character varying(20).
ALTER TABLE t1 ALTER COLUMN a TYPE character varying(20);

COMMIT;

BEGIN;

-- Change column t10.a from text to integer.
-- Locks: ACCESS EXCLUSIVE on t10 (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Fails if a value cannot be converted to integer.
ALTER TABLE t10 ALTER COLUMN a TYPE integer USING a::integer;

COMMIT;

BEGIN;

-- Change column t11.a from numeric(12,2) to numeric(10,2).
-- Locks: ACCESS EXCLUSIVE on t11 (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE t11 ALTER COLUMN a TYPE numeric(10,2);

COMMIT;

BEGIN;

-- Change column t12.a from numeric to numeric(10,2).
-- Locks: ACCESS EXCLUSIVE on t12 (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Loses digits after the decimal point beyond the new scale.
ALTER TABLE t12 ALTER COLUMN a TYPE numeric(10,2);

COMMIT;

BEGIN;

-- Change column t13.a from numeric(12,1) to numeric(10,2).
-- Locks: ACCESS EXCLUSIVE on t13 (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE t13 ALTER COLUMN a TYPE numeric(10,2);

COMMIT;

BEGIN;

-- Change column t14.a from real to double precision.
-- Locks: ACCESS EXCLUSIVE on t14 (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE t14 ALTER COLUMN a TYPE double precision;

COMMIT;

BEGIN;

-- Change column t15.a from timestamp with time zone to timestamp without time zone.
-- Locks: ACCESS EXCLUSIVE on t15 (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Loses the instant: values become local times of the session's TimeZone.
ALTER TABLE t15 ALTER COLUMN a TYPE timestamp without time zone;

COMMIT;

BEGIN;

-- Change column t17.a from date to timestamp with time zone.
-- Locks: ACCESS EXCLUSIVE on t17 (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE t17 ALTER COLUMN a TYPE timestamp with time zone;

COMMIT;

BEGIN;

-- Change column t18.a from jsonb to json.
-- Locks: ACCESS EXCLUSIVE on t18 (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE t18 ALTER COLUMN a TYPE json;

COMMIT;

BEGIN;

-- Change column t19.a from character varying(40) to character varying(20).
-- Locks: ACCESS EXCLUSIVE on t19 (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Fails if a value does not fit character varying(20).
ALTER TABLE t19 ALTER COLUMN a TYPE character varying(20);

COMMIT;

BEGIN;

-- Change column t2.a from character varying to character varying(20).
-- Locks: ACCESS EXCLUSIVE on t2 (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Fails if a value does not fit character varying(20).
ALTER TABLE t2 ALTER COLUMN a TYPE character varying(20);

COMMIT;

BEGIN;

-- Change column t20.a from character varying(40) to character varying(20).
-- Locks: ACCESS EXCLUSIVE on t20 (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Fails if a value does not fit character varying(20).
ALTER TABLE t20 ALTER COLUMN a TYPE character varying(20);

COMMIT;

BEGIN;

-- Change column t21.a from character varying(40) to character varying(20).
-- Locks: ACCESS EXCLUSIVE on t21 (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Fails if a value does not fit character varying(20).
ALTER TABLE t21 ALTER COLUMN a TYPE character varying(20);

COMMIT;

BEGIN;

-- Change column t22.a from bit varying(8) to bit varying(4).
-- Locks: ACCESS EXCLUSIVE on t22 (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Fails if a value does not fit bit varying(4).
ALTER TABLE t22 ALTER COLUMN a TYPE bit varying(4);

COMMIT;

BEGIN;

-- Change column t25.a from character varying(40)[] to character varying(20)[].
-- Locks: ACCESS EXCLUSIVE on t25 (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Fails if a value does not fit character varying(20)[].
ALTER TABLE t25 ALTER COLUMN a TYPE character varying(20)[];

COMMIT;

BEGIN;

-- Change column t26.a from inet to cidr.
-- Locks: ACCESS EXCLUSIVE on t26 (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE t26 ALTER COLUMN a TYPE cidr;

COMMIT;

BEGIN;

-- Change column t27.a from bigint to oid.
-- Locks: ACCESS EXCLUSIVE on t27 (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE t27 ALTER COLUMN a TYPE oid;

COMMIT;

BEGIN;

-- Change column t3.a from text to character varying(20).
-- Locks: ACCESS EXCLUSIVE on t3 (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Fails if a value does not fit character varying(20).
ALTER TABLE t3 ALTER COLUMN a TYPE character varying(20);

COMMIT;

BEGIN;

-- Change column t7.a from character varying to character(10).
-- Locks: ACCESS EXCLUSIVE on t7 (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Fails if a value does not fit character(10).
ALTER TABLE t7 ALTER COLUMN a TYPE character(10);

COMMIT;

BEGIN;

-- Change column t8.a from bigint to integer.
-- Locks: ACCESS EXCLUSIVE on t8 (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Fails if a value is out of range for integer.
ALTER TABLE t8 ALTER COLUMN a TYPE integer;

COMMIT;

BEGIN;

-- Change column t9.a from integer to bigint.
-- Locks: ACCESS EXCLUSIVE on t9 (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE t9 ALTER COLUMN a TYPE bigint;

COMMIT;
