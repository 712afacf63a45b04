BEGIN;

-- Drop index t4_a_idx of table t4.
-- Locks: ACCESS EXCLUSIVE on t4 (reads and writes wait), briefly.
-- Until the index is built again below, queries cannot use it.
DROP INDEX t4_a_idx;

-- Drop index t5_a_idx of table t5.
-- Locks: ACCESS EXCLUSIVE on t5 (reads and writes wait), briefly.
-- Until the index is built again below, queries cannot use it.
DROP INDEX t5_a_idx;

-- Change column t2.a from vector(3) to vector.
-- Locks: ACCESS EXCLUSIVE on t2 (reads and writes wait), briefly.
ALTER TABLE t2 ALTER COLUMN a TYPE vector;

COMMIT;

BEGIN;

-- Change column t4.a from halfvec(3) to vector(3).
-- Locks: ACCESS EXCLUSIVE on t4 (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE t4 ALTER COLUMN a TYPE vector(3);

COMMIT;

BEGIN;

-- Change column t5.a from vector(3) to halfvec(3).
-- Locks: ACCESS EXCLUSIVE on t5 (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Fails if an element is beyond 65504, the largest of halfvec.
-- Loses precision: each element is rounded to half precision.
ALTER TABLE t5 ALTER COLUMN a TYPE halfvec(3);

COMMIT;

BEGIN;

-- Change column t1.a from vector to vector(3).
-- Locks: ACCESS EXCLUSIVE on t1 (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Fails if a stored value has other dimensions than vector(3).
ALTER TABLE t1 ALTER COLUMN a TYPE vector(3);

COMMIT;

BEGIN;

-- Change column t3.a from halfvec(3) to vector(3).
-- Locks: ACCESS EXCLUSIVE on t3 (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE t3 ALTER COLUMN a TYPE vector(3);

COMMIT;

-- Create hnsw index t4_a_idx on table t4.
-- Locks: SHARE UPDATE EXCLUSIVE on t4 (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY t4_a_idx ON t4 USING hnsw (a vector_l2_ops);

-- Create hnsw index t5_a_idx on table t5.
-- Locks: SHARE UPDATE EXCLUSIVE on t5 (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY t5_a_idx ON t5 USING hnsw (a halfvec_l2_ops);

BEGIN;

-- Change column t6.a from sparsevec(3) to vector(3).
-- Locks: ACCESS EXCLUSIVE on t6 (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE t6 ALTER COLUMN a TYPE vector(3);

COMMIT;

BEGIN;

-- Change column t7.a from vector(3) to real[].
-- Locks: ACCESS EXCLUSIVE on t7 (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE t7 ALTER COLUMN a TYPE real[];

COMMIT;

BEGIN;

-- Change column t9.a from vector to vector(3).
-- Locks: ACCESS EXCLUSIVE on t9 (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Fails if a stored value has other dimensions than vector(3).
ALTER TABLE t9 ALTER COLUMN a TYPE vector(3);

COMMIT;

BEGIN;

-- Save privileges of column t8.a, recreated below.
DO $aludel$
BEGIN
    PERFORM set_config('aludel.noted', coalesce(jsonb_agg(noted), '[]')::text, false)
    FROM (
        SELECT 'TABLE t8', NULL, NULL, quote_ident(attname), attacl::text[]
        FROM pg_attribute
        WHERE attrelid = 't8'::regclass AND attname = 'a' AND attacl IS NOT NULL AND NOT attisdropped
    ) AS noted (object, altered, owner, attribute, privileges);
END
$aludel$;

-- Drop column t8.a.
-- Locks: ACCESS EXCLUSIVE on t8 (reads and writes wait), briefly.
-- Loses the values of the column.
ALTER TABLE t8 DROP COLUMN a;

-- Add column t8.a.
-- Locks: ACCESS EXCLUSIVE on t8 (reads and writes wait), briefly.
ALTER TABLE t8 ADD COLUMN a vector(3);

-- Restore privileges of column t8.a.
DO $aludel$
DECLARE
    noted record;
    privilege record;
BEGIN
    IF coalesce(current_setting('aludel.noted', true), '') = '' THEN
        RAISE EXCEPTION 'the saved owners and privileges are lost: the session that saved them has ended'
            USING HINT = 'Grant them by hand, and remove this statement from the file.';
    END IF;
    FOR noted IN
        SELECT * FROM jsonb_to_recordset(current_setting('aludel.noted')::jsonb)
            AS noted (object text, altered text, owner text, attribute text, privileges text[])
        WHERE object IN ('TABLE t8')
    LOOP
        FOR privilege IN
            SELECT privilege_type || coalesce(' (' || noted.attribute || ')', '') AS granted,
                CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END AS grantee,
                CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END AS option
            FROM unnest(noted.privileges) AS item, aclexplode(ARRAY[item::aclitem])
        LOOP
            EXECUTE format('GRANT %s ON %s TO %s%s', privilege.granted, noted.object,
                privilege.grantee, privilege.option);
        END LOOP;
    END LOOP;
END
$aludel$;

COMMIT;
