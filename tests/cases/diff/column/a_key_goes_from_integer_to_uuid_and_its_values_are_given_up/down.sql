BEGIN;

-- Drop constraint b_a_id_fkey of table b.
-- Locks: ACCESS EXCLUSIVE on a, b (reads and writes wait), until the end of the transaction, which can take long.
ALTER TABLE b DROP CONSTRAINT b_a_id_fkey;

-- Drop constraint a_pkey of table a.
-- Locks: ACCESS EXCLUSIVE on a (reads and writes wait), until the end of the transaction, which can take long.
ALTER TABLE a DROP CONSTRAINT a_pkey;

-- Save privileges of column a.id and column b.a_id, recreated below.
DO $aludel$
BEGIN
    PERFORM set_config('aludel.noted', coalesce(jsonb_agg(noted), '[]')::text, false)
    FROM (
        SELECT 'TABLE a', NULL, NULL, quote_ident(attname), attacl::text[]
        FROM pg_attribute
        WHERE attrelid = 'a'::regclass AND attname = 'id' AND attacl IS NOT NULL AND NOT attisdropped
        UNION ALL
        SELECT 'TABLE b', NULL, NULL, quote_ident(attname), attacl::text[]
        FROM pg_attribute
        WHERE attrelid = 'b'::regclass AND attname = 'a_id' AND attacl IS NOT NULL AND NOT attisdropped
    ) AS noted (object, altered, owner, attribute, privileges);
END
$aludel$;

-- Drop column a.id.
-- Locks: ACCESS EXCLUSIVE on a (reads and writes wait), until the end of the transaction, which can take long.
-- Loses the values of the column.
ALTER TABLE a DROP COLUMN id;

-- Add column a.id.
-- Locks: ACCESS EXCLUSIVE on a (reads and writes wait), until the end of the transaction, which can take long.
-- Reads every row.
-- Fails if the table has rows: the column is NOT NULL without a default.
ALTER TABLE a ADD COLUMN id integer NOT NULL;

-- Add constraint a_pkey to table a.
-- Locks: ACCESS EXCLUSIVE on a (reads and writes wait), until the end of the transaction, which can take long.
-- Reads every row and builds an index.
-- Fails if two rows have the same key, or a key is NULL.
ALTER TABLE a ADD CONSTRAINT a_pkey PRIMARY KEY (id);

-- Drop column b.a_id.
-- Locks: ACCESS EXCLUSIVE on b (reads and writes wait), until the end of the transaction, which can take long.
-- Loses the values of the column.
ALTER TABLE b DROP COLUMN a_id;

-- Add column b.a_id.
-- Locks: ACCESS EXCLUSIVE on b (reads and writes wait), for the duration of the statement.
-- Reads every row.
-- Fails if the table has rows: the column is NOT NULL without a default.
ALTER TABLE b ADD COLUMN a_id integer NOT NULL;

-- Restore privileges of column a.id and column b.a_id.
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
        WHERE object IN ('TABLE a', 'TABLE b')
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

-- Add constraint b_a_id_fkey to table b, NOT VALID: new and updated rows are checked, existing rows not yet.
-- Locks: SHARE ROW EXCLUSIVE on a, b (writes wait, reads continue), briefly.
ALTER TABLE b ADD CONSTRAINT b_a_id_fkey FOREIGN KEY (a_id) REFERENCES a (id) NOT VALID;

COMMIT;

BEGIN;

-- Validate constraint b_a_id_fkey of table b.
-- Locks: SHARE UPDATE EXCLUSIVE on b (reads and writes continue), for the duration of the statement.
-- Reads every row.
-- Fails if a row has no matching key in a.
ALTER TABLE b VALIDATE CONSTRAINT b_a_id_fkey;

COMMIT;
