BEGIN;

-- Save owner and privileges of view titles, recreated below.
DO $aludel$
BEGIN
    PERFORM set_config('aludel.noted', coalesce(jsonb_agg(noted), '[]')::text, false)
    FROM (
        SELECT 'TABLE titles', 'VIEW titles', relowner::regrole::text, NULL, coalesce(relacl, acldefault('r', relowner))::text[]
        FROM pg_class WHERE oid = 'titles'::regclass
        UNION ALL
        SELECT 'TABLE titles', NULL, NULL, quote_ident(attname), attacl::text[]
        FROM pg_attribute
        WHERE attrelid = 'titles'::regclass AND attacl IS NOT NULL AND NOT attisdropped
    ) AS noted (object, altered, owner, attribute, privileges);
END
$aludel$;

-- Drop view titles.
-- Locks: ACCESS EXCLUSIVE on view titles (reads and writes wait), briefly.
DROP VIEW titles;

-- Change column a.title from character varying(10) to character varying(20).
-- Locks: ACCESS EXCLUSIVE on a (reads and writes wait), briefly.
ALTER TABLE a ALTER COLUMN title TYPE character varying(20);

-- Create view titles.
CREATE VIEW titles AS
SELECT title
   FROM a;

-- Restore owner and privileges of view titles.
DO $aludel$
DECLARE
    noted record;
    role text;
    privilege record;
BEGIN
    IF coalesce(current_setting('aludel.noted', true), '') = '' THEN
        RAISE EXCEPTION 'the saved owners and privileges are lost: the session that saved them has ended'
            USING HINT = 'Grant them by hand, and remove this statement from the file.';
    END IF;
    FOR noted IN
        SELECT * FROM jsonb_to_recordset(current_setting('aludel.noted')::jsonb)
            AS noted (object text, altered text, owner text, attribute text, privileges text[])
        WHERE object IN ('TABLE titles')
    LOOP
        IF noted.owner IS NOT NULL THEN
            EXECUTE format('ALTER %s OWNER TO %s', noted.altered, noted.owner);
            FOR role IN
                SELECT noted.owner UNION SELECT 'PUBLIC'
                UNION SELECT grantee::regrole::text
                FROM pg_default_acl, aclexplode(defaclacl) WHERE grantee <> 0
            LOOP
                CONTINUE WHEN noted.privileges IS NULL;
                EXECUTE format('REVOKE ALL ON %s FROM %s', noted.object, role);
            END LOOP;
        END IF;
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

BEGIN;

-- Change column b.m from integer to bigint.
-- Locks: ACCESS EXCLUSIVE on b (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE b ALTER COLUMN m TYPE bigint;

COMMIT;

BEGIN;

-- Set the default of column b.m; existing rows keep their values.
-- Locks: ACCESS EXCLUSIVE on b (reads and writes wait), briefly.
ALTER TABLE b ALTER COLUMN m SET DEFAULT 2;

COMMIT;

BEGIN;

-- Change column b.n from integer to bigint.
-- Locks: ACCESS EXCLUSIVE on b (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE b ALTER COLUMN n TYPE bigint;

COMMIT;
