-- Save owner and privileges of composite type address, recreated below.
DO $aludel$
BEGIN
    PERFORM set_config('aludel.noted', coalesce(jsonb_agg(noted), '[]')::text, false)
    FROM (
        SELECT 'TYPE address', 'TYPE address', typowner::regrole::text, NULL, coalesce(typacl, acldefault('T', typowner))::text[]
        FROM pg_type WHERE oid = 'address'::regtype
    ) AS noted (object, altered, owner, attribute, privileges);
END
$aludel$;

-- Rename composite type address to address_old.
ALTER TYPE address RENAME TO address_old;

-- Create composite type address.
CREATE TYPE address AS (
    city character varying(40),
    street text
);

-- Convert column people.home to the new type address.
-- Locks: ACCESS EXCLUSIVE on people (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Fails if a value cannot be converted to address.
ALTER TABLE people ALTER COLUMN home TYPE address USING jsonb_populate_record(NULL::address, to_jsonb(home));

-- Drop composite type address_old.
DROP TYPE address_old;

-- Restore owner and privileges of composite type address.
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
        WHERE object IN ('TYPE address')
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
