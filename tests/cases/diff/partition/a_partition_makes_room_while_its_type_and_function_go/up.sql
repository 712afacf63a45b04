-- Drop the default of column parts.number.
-- Locks: ACCESS EXCLUSIVE on parts, parts_20 (reads and writes wait), briefly.
ALTER TABLE parts ALTER COLUMN number DROP DEFAULT;

-- Detach partition parts_20 from parts; rows are kept.
-- Locks: ACCESS EXCLUSIVE on parts, parts_20 (reads and writes wait), briefly.
ALTER TABLE parts DETACH PARTITION parts_20;

-- Save owner and privileges of enum mood, recreated below.
DO $aludel$
BEGIN
    PERFORM set_config('aludel.noted', coalesce(jsonb_agg(noted), '[]')::text, false)
    FROM (
        SELECT 'TYPE mood', 'TYPE mood', typowner::regrole::text, NULL, coalesce(typacl, acldefault('T', typowner))::text[]
        FROM pg_type WHERE oid = 'mood'::regtype
    ) AS noted (object, altered, owner, attribute, privileges);
END
$aludel$;

-- Rename enum mood to mood_old.
ALTER TYPE mood RENAME TO mood_old;

-- Create enum mood.
CREATE TYPE mood AS ENUM ('sad', 'ok');

-- Convert column parts.mood to the new type mood.
-- Locks: ACCESS EXCLUSIVE on parts (reads and writes wait), briefly.
-- Fails if a value cannot be converted to mood.
ALTER TABLE parts ALTER COLUMN mood TYPE mood USING mood::text::mood;

-- Create table parts_rest.
-- Locks: ACCESS EXCLUSIVE on parts (reads and writes wait), briefly.
CREATE TABLE parts_rest PARTITION OF parts DEFAULT;

-- Drop table parts_20.
-- Locks: ACCESS EXCLUSIVE on parts_20 (reads and writes wait), briefly.
-- Loses every row of the table.
DROP TABLE parts_20;

-- Drop function next_number().
DROP FUNCTION next_number();

-- Drop enum mood_old.
DROP TYPE mood_old;

-- Restore owner and privileges of enum mood.
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
        WHERE object IN ('TYPE mood')
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
