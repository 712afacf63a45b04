-- Drop index t19_a_idx of table t19.
-- Locks: SHARE UPDATE EXCLUSIVE on t19 (reads and writes continue), briefly.
-- Until the index is built again below, queries cannot use it.
-- Runs outside a transaction.
DROP INDEX CONCURRENTLY t19_a_idx;

-- Drop index t20_a_idx of table t20.
-- Locks: SHARE UPDATE EXCLUSIVE on t20 (reads and writes continue), briefly.
-- Until the index is built again below, queries cannot use it.
-- Runs outside a transaction.
DROP INDEX CONCURRENTLY t20_a_idx;

BEGIN;

-- Change column t1.a from character varying(20) to character varying(40).
-- Locks: ACCESS EXCLUSIVE on t1 (reads and writes wait), briefly.
ALTER TABLE t1 ALTER COLUMN a TYPE character varying(40);

-- Change column t11.a from numeric(10,2) to numeric(12,2).
-- Locks: ACCESS EXCLUSIVE on t11 (reads and writes wait), briefly.
ALTER TABLE t11 ALTER COLUMN a TYPE numeric(12,2);

-- Change column t12.a from numeric(10,2) to numeric.
-- Locks: ACCESS EXCLUSIVE on t12 (reads and writes wait), briefly.
ALTER TABLE t12 ALTER COLUMN a TYPE numeric;

-- Change column t19.a from character varying(20) to character varying(40).
-- Locks: ACCESS EXCLUSIVE on t19 (reads and writes wait), briefly.
ALTER TABLE t19 ALTER COLUMN a TYPE character varying(40);

-- Change column t2.a from character varying(20) to character varying.
-- Locks: ACCESS EXCLUSIVE on t2 (reads and writes wait), briefly.
ALTER TABLE t2 ALTER COLUMN a TYPE character varying;

-- Change column t20.a from character varying(20) to character varying(40).
-- Locks: ACCESS EXCLUSIVE on t20 (reads and writes wait), briefly.
ALTER TABLE t20 ALTER COLUMN a TYPE character varying(40);

COMMIT;

BEGIN;

-- Change column t21.a from character varying(20) to character varying(40).
-- Locks: ACCESS EXCLUSIVE on t21 (reads and writes wait), for the duration of the statement.
-- Reads every row.
ALTER TABLE t21 ALTER COLUMN a TYPE character varying(40);

COMMIT;

BEGIN;

-- Change column t22.a from bit varying(4) to bit varying(8).
-- Locks: ACCESS EXCLUSIVE on t22 (reads and writes wait), briefly.
ALTER TABLE t22 ALTER COLUMN a TYPE bit varying(8);

-- Change column t24.a from time(6) without time zone to time without time zone.
-- Locks: ACCESS EXCLUSIVE on t24 (reads and writes wait), briefly.
ALTER TABLE t24 ALTER COLUMN a TYPE time without time zone;

-- Change column t26.a from cidr to inet.
-- Locks: ACCESS EXCLUSIVE on t26 (reads and writes wait), briefly.
ALTER TABLE t26 ALTER COLUMN a TYPE inet;

-- Change column t3.a from character varying(20) to text.
-- Locks: ACCESS EXCLUSIVE on t3 (reads and writes wait), briefly.
ALTER TABLE t3 ALTER COLUMN a TYPE text;

-- Change column t6.a from text to character varying.
-- Locks: ACCESS EXCLUSIVE on t6 (reads and writes wait), briefly.
ALTER TABLE t6 ALTER COLUMN a TYPE character varying;

COMMIT;

BEGIN;

-- Change column t10.a from integer to text.
-- Locks: ACCESS EXCLUSIVE on t10 (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE t10 ALTER COLUMN a TYPE text;

COMMIT;

BEGIN;

-- Change column t13.a from numeric(10,2) to numeric(12,1).
-- Locks: ACCESS EXCLUSIVE on t13 (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Loses digits after the decimal point beyond the new scale.
ALTER TABLE t13 ALTER COLUMN a TYPE numeric(12,1);

COMMIT;

BEGIN;

-- Change column t14.a from double precision to real.
-- Locks: ACCESS EXCLUSIVE on t14 (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Loses precision: values are rounded to six digits.
ALTER TABLE t14 ALTER COLUMN a TYPE real;

COMMIT;

BEGIN;

-- Change column t15.a from timestamp without time zone to timestamp with time zone.
-- Locks: ACCESS EXCLUSIVE on t15 (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Loses nothing if TimeZone is the zone that the values were written in; otherwise the values shift.
ALTER TABLE t15 ALTER COLUMN a TYPE timestamp with time zone;

COMMIT;

BEGIN;

-- Change column t16.a from timestamp with time zone to timestamp(0) with time zone.
-- Locks: ACCESS EXCLUSIVE on t16 (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Fails if a value does not fit timestamp(0) with time zone.
ALTER TABLE t16 ALTER COLUMN a TYPE timestamp(0) with time zone;

COMMIT;

BEGIN;

-- Change column t17.a from timestamp with time zone to date.
-- Locks: ACCESS EXCLUSIVE on t17 (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Fails if a value cannot be converted to date.
-- Loses the time of day.
ALTER TABLE t17 ALTER COLUMN a TYPE date USING a::date;

COMMIT;

BEGIN;

-- Change column t18.a from json to jsonb.
-- Locks: ACCESS EXCLUSIVE on t18 (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Loses key order, duplicate keys and white space of the documents.
ALTER TABLE t18 ALTER COLUMN a TYPE jsonb;

COMMIT;

-- Create index t19_a_idx on table t19.
-- Locks: SHARE UPDATE EXCLUSIVE on t19 (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY t19_a_idx ON t19 USING btree ((lower((a)::text)));

-- Create index t20_a_idx on table t20.
-- Locks: SHARE UPDATE EXCLUSIVE on t20 (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY t20_a_idx ON t20 USING btree (id) WHERE a IS NOT NULL;

BEGIN;

-- Change column t23.a from interval to interval(3).
-- Locks: ACCESS EXCLUSIVE on t23 (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Fails if a value does not fit interval(3).
ALTER TABLE t23 ALTER COLUMN a TYPE interval(3);

COMMIT;

BEGIN;

-- Change column t25.a from character varying(20)[] to character varying(40)[].
-- Locks: ACCESS EXCLUSIVE on t25 (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE t25 ALTER COLUMN a TYPE character varying(40)[];

COMMIT;

BEGIN;

-- Change column t27.a from oid to bigint.
-- Locks: ACCESS EXCLUSIVE on t27 (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE t27 ALTER COLUMN a TYPE bigint;

COMMIT;

BEGIN;

-- Change column t4.a from character varying(20) to character varying(10).
-- Locks: ACCESS EXCLUSIVE on t4 (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Fails if a value does not fit character varying(10).
ALTER TABLE t4 ALTER COLUMN a TYPE character varying(10);

COMMIT;

BEGIN;

-- Change column t5.a from text to character varying(50).
-- Locks: ACCESS EXCLUSIVE on t5 (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Fails if a value does not fit character varying(50).
ALTER TABLE t5 ALTER COLUMN a TYPE character varying(50);

COMMIT;

BEGIN;

-- Change column t7.a from character(10) to character varying.
-- Locks: ACCESS EXCLUSIVE on t7 (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE t7 ALTER COLUMN a TYPE character varying;

COMMIT;

BEGIN;

-- Change column t8.a from integer to bigint.
-- Locks: ACCESS EXCLUSIVE on t8 (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE t8 ALTER COLUMN a TYPE bigint;

COMMIT;

BEGIN;

-- Change column t9.a from bigint to integer.
-- Locks: ACCESS EXCLUSIVE on t9 (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Fails if a value is out of range for integer.
ALTER TABLE t9 ALTER COLUMN a TYPE integer;

COMMIT;
