BEGIN;

-- Drop constraint t_name_check of table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), until the end of the transaction, which can take long.
ALTER TABLE t DROP CONSTRAINT t_name_check;

-- Drop index t_name_idx of table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), until the end of the transaction, which can take long.
-- Until the index is built again below, queries cannot use it.
DROP INDEX t_name_idx;

-- Change column t.name from text to character varying(20).
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Fails if a value does not fit character varying(20).
ALTER TABLE t ALTER COLUMN name TYPE character varying(20);

-- Set the default of column t.name; existing rows keep their values.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ALTER COLUMN name SET DEFAULT 'nobody'::character varying;

-- Add constraint t_name_check to table t, NOT VALID: new and updated rows are checked, existing rows not yet.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ADD CONSTRAINT t_name_check CHECK ((name)::text <> ''::text) NOT VALID;

COMMIT;

BEGIN;

-- Validate constraint t_name_check of table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), for the duration of the statement.
-- Reads every row.
-- Fails if a row violates the check.
ALTER TABLE t VALIDATE CONSTRAINT t_name_check;

COMMIT;

BEGIN;

-- Save privileges of column t.long, recreated below.
DO $aludel$
BEGIN
    PERFORM set_config('aludel.noted', coalesce(jsonb_agg(noted), '[]')::text, false)
    FROM (
        SELECT 'TABLE t', NULL, NULL, quote_ident(attname), attacl::text[]
        FROM pg_attribute
        WHERE attrelid = 't'::regclass AND attname = 'long' AND attacl IS NOT NULL AND NOT attisdropped
    ) AS noted (object, altered, owner, attribute, privileges);
END
$aludel$;

-- Drop column t.long.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), until the end of the transaction, which can take long.
ALTER TABLE t DROP COLUMN long;

-- Change column t.id from bigint to integer.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), until the end of the transaction, which can take long.
-- Rewrites the table and its indexes.
-- Fails if a value is out of range for integer.
ALTER TABLE t ALTER COLUMN id TYPE integer;

-- Add column t.long.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE t ADD COLUMN long integer GENERATED ALWAYS AS (id * 2) STORED;

-- Restore privileges of column t.long.
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

-- Create index t_name_idx on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY t_name_idx ON t USING btree ((lower((name)::text))) WHERE id > 10;
