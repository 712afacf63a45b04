BEGIN;

-- Save owner and privileges of enum "Odd.Space"."Odd Enum", recreated below.
DO $aludel$
BEGIN
    PERFORM set_config('aludel.noted', coalesce(jsonb_agg(noted), '[]')::text, false)
    FROM (
        SELECT 'TYPE "Odd.Space"."Odd Enum"', 'TYPE "Odd.Space"."Odd Enum"', typowner::regrole::text, NULL, coalesce(typacl, acldefault('T', typowner))::text[]
        FROM pg_type WHERE oid = '"Odd.Space"."Odd Enum"'::regtype
    ) AS noted (object, altered, owner, attribute, privileges);
END
$aludel$;

-- Rename enum "Odd.Space"."Odd Enum" to "Odd Enum_old".
ALTER TYPE "Odd.Space"."Odd Enum" RENAME TO "Odd Enum_old";

-- Create enum "Odd.Space"."Odd Enum".
CREATE TYPE "Odd.Space"."Odd Enum" AS ENUM (E'back\\slash');

-- Drop the default of column "Odd.Space"."say ""hi"""."Größe".
-- Locks: ACCESS EXCLUSIVE on "Odd.Space"."say ""hi""" (reads and writes wait), until the end of the transaction, which can take long.
ALTER TABLE "Odd.Space"."say ""hi""" ALTER COLUMN "Größe" DROP DEFAULT;

-- Convert column "Odd.Space"."say ""hi"""."Größe" to the new type "Odd.Space"."Odd Enum".
-- Locks: ACCESS EXCLUSIVE on "Odd.Space"."say ""hi""" (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Fails if a value cannot be converted to "Odd.Space"."Odd Enum".
ALTER TABLE "Odd.Space"."say ""hi""" ALTER COLUMN "Größe" TYPE "Odd.Space"."Odd Enum" USING "Größe"::text::"Odd.Space"."Odd Enum";

-- Drop enum "Odd.Space"."Odd Enum_old".
DROP TYPE "Odd.Space"."Odd Enum_old";

-- Restore owner and privileges of enum "Odd.Space"."Odd Enum".
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
        WHERE object IN ('TYPE "Odd.Space"."Odd Enum"')
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

-- Create sequence "Upper_it's_seq".
CREATE SEQUENCE "Upper_it's_seq" AS integer;

-- Set the default of column "Odd.Space"."say ""hi"""."Größe"; existing rows keep their values.
-- Locks: ACCESS EXCLUSIVE on "Odd.Space"."say ""hi""" (reads and writes wait), briefly.
ALTER TABLE "Odd.Space"."say ""hi""" ALTER COLUMN "Größe" SET DEFAULT 'back\slash'::"Odd.Space"."Odd Enum";

-- Make column "Odd.Space"."say ""hi"""."order" an identity column.
-- Locks: ACCESS EXCLUSIVE on "Odd.Space"."say ""hi""" (reads and writes wait), briefly.
ALTER TABLE "Odd.Space"."say ""hi""" ALTER COLUMN "order" ADD GENERATED ALWAYS AS IDENTITY;

-- Start identity "Odd.Space"."say ""hi"""."order" after the largest existing value.
SELECT setval(pg_get_serial_sequence('"Odd.Space"."say ""hi"""', 'order'), max("order")) FROM "Odd.Space"."say ""hi""" HAVING max("order") > 0;

-- Create table "Upper".
-- Locks: SHARE ROW EXCLUSIVE on "Odd.Space"."say ""hi""" (writes wait, reads continue), briefly.
CREATE TABLE "Upper" (
    "it's" integer DEFAULT nextval('"Upper_it''s_seq"'::regclass) NOT NULL,
    "user" text NOT NULL,
    CONSTRAINT "Upper_user_key" UNIQUE ("user"),
    CONSTRAINT "is it?" CHECK ("user" <> ''::text),
    CONSTRAINT "to it" FOREIGN KEY ("it's") REFERENCES "Odd.Space"."say ""hi""" ("order")
);

-- Set comment on column "Upper"."it's".
COMMENT ON COLUMN "Upper"."it's" IS 'odd';

-- Set owner of sequence "Upper_it's_seq" to "Upper"."it's".
ALTER SEQUENCE "Upper_it's_seq" OWNED BY "Upper"."it's";

COMMIT;

BEGIN;

-- Change column "Odd.Space"."say ""hi""".a_name_of_just_sixty_three_bytes_which_is_the_most_that_is_kept from text to bigint.
-- Locks: ACCESS EXCLUSIVE on "Odd.Space"."say ""hi""" (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Fails if a value cannot be converted to bigint.
ALTER TABLE "Odd.Space"."say ""hi""" ALTER COLUMN a_name_of_just_sixty_three_bytes_which_is_the_most_that_is_kept TYPE bigint USING length("Größe"::text);

COMMIT;

-- Create index select_new on table "Odd.Space"."say ""hi""".
-- Locks: SHARE UPDATE EXCLUSIVE on "Odd.Space"."say ""hi""" (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY select_new ON "Odd.Space"."say ""hi""" USING btree ("Größe" DESC);

BEGIN;

-- Rename index "Odd.Space"."select" to select_old.
-- Locks: SHARE UPDATE EXCLUSIVE on index "Odd.Space"."select" (reads and writes continue), briefly.
ALTER INDEX "Odd.Space"."select" RENAME TO select_old;

-- Rename index "Odd.Space".select_new to "select".
-- Locks: SHARE UPDATE EXCLUSIVE on index "Odd.Space".select_new (reads and writes continue), briefly.
ALTER INDEX "Odd.Space".select_new RENAME TO "select";

COMMIT;

-- Drop index "Odd.Space".select_old of table "Odd.Space"."say ""hi""".
-- Locks: SHARE UPDATE EXCLUSIVE on "Odd.Space"."say ""hi""" (reads and writes continue), briefly.
-- Runs outside a transaction.
DROP INDEX CONCURRENTLY "Odd.Space".select_old;
