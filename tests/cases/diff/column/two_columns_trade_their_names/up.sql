BEGIN;

-- Change column t.b from integer to text.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE t ALTER COLUMN b TYPE text;

COMMIT;

BEGIN;

-- Save privileges of column t.a, recreated below.
DO $aludel$
BEGIN
    PERFORM set_config('aludel.noted', coalesce(jsonb_agg(noted), '[]')::text, false)
    FROM (
        SELECT 'TABLE t', NULL, NULL, quote_ident(attname), attacl::text[]
        FROM pg_attribute
        WHERE attrelid = 't'::regclass AND attname = 'a' AND attacl IS NOT NULL AND NOT attisdropped
    ) AS noted (object, altered, owner, attribute, privileges);
END
$aludel$;

-- Drop column t.a.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), until the end of the transaction, which can take long.
-- Loses the values of the column.
ALTER TABLE t DROP COLUMN a;

-- Add column t.a.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Reads every row.
-- Fails if the table has rows: the column is NOT NULL without a default.
ALTER TABLE t ADD COLUMN a integer NOT NULL;

-- Restore privileges of column t.a.
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
