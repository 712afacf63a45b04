BEGIN;

-- Drop index t_b_idx of table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
-- Until the index is built again below, queries cannot use it.
DROP INDEX t_b_idx;

COMMIT;

BEGIN;

-- Save privileges of column t.b, recreated below.
DO $aludel$
BEGIN
    PERFORM set_config('aludel.noted', coalesce(jsonb_agg(noted), '[]')::text, false)
    FROM (
        SELECT 'TABLE t', NULL, NULL, quote_ident(attname), attacl::text[]
        FROM pg_attribute
        WHERE attrelid = 't'::regclass AND attname = 'b' AND attacl IS NOT NULL AND NOT attisdropped
    ) AS noted (object, altered, owner, attribute, privileges);
END
$aludel$;

-- Drop column t.b.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), until the end of the transaction, which can take long.
ALTER TABLE t DROP COLUMN b;

-- Change column t.a from integer to bigint.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), until the end of the transaction, which can take long.
-- Rewrites the table and its indexes.
ALTER TABLE t ALTER COLUMN a TYPE bigint;

-- Add column t.b.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE t ADD COLUMN b bigint GENERATED ALWAYS AS (a + 1) STORED;

-- Restore privileges of column t.b.
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
        WHERE object IN ('TABLE t')
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

-- Create unique index t_b_idx on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Fails if two rows have the same key.
-- Runs outside a transaction.
CREATE UNIQUE INDEX CONCURRENTLY t_b_idx ON t USING btree (b);

BEGIN;

-- Set comment on index t_b_idx.
COMMENT ON INDEX t_b_idx IS 'stays';

COMMIT;
