BEGIN;

-- Add column "user".group_id_new.
-- Locks: ACCESS EXCLUSIVE on "user" (reads and writes wait), briefly.
ALTER TABLE "user" ADD COLUMN group_id_new integer;

-- Create the function of trigger zz_user_group_id_copy, which keeps group_id_new equal to group_id.
CREATE FUNCTION zz_user_group_id_copy() RETURNS trigger
    LANGUAGE plpgsql SET search_path TO public
    AS $aludel$
BEGIN
    NEW.group_id_new := NEW.group_id::integer;
    RETURN NEW;
END
$aludel$;

-- Create trigger zz_user_group_id_copy on "user".
-- Locks: SHARE ROW EXCLUSIVE on "user" (writes wait, reads continue), briefly.
CREATE TRIGGER zz_user_group_id_copy BEFORE INSERT OR UPDATE ON "user"
    FOR EACH ROW EXECUTE FUNCTION zz_user_group_id_copy();

-- Enable zz_user_group_id_copy for replicated changes too.
-- Locks: SHARE ROW EXCLUSIVE on "user" (writes wait, reads continue), briefly.
ALTER TABLE "user" ENABLE ALWAYS TRIGGER zz_user_group_id_copy;

-- Add constraint user_group_id_copy_check1, NOT VALID: group_id_new equals group_id in new and updated rows.
-- Locks: ACCESS EXCLUSIVE on "user" (reads and writes wait), briefly.
ALTER TABLE "user" ADD CONSTRAINT user_group_id_copy_check1 CHECK (group_id_new IS NOT NULL AND group_id_new IS NOT DISTINCT FROM group_id::integer) NOT VALID;

-- Add column "user".org_id_new.
-- Locks: ACCESS EXCLUSIVE on "user" (reads and writes wait), briefly.
ALTER TABLE "user" ADD COLUMN org_id_new integer;

-- Create the function of trigger zz_user_org_id_copy, which keeps org_id_new equal to org_id.
CREATE FUNCTION zz_user_org_id_copy() RETURNS trigger
    LANGUAGE plpgsql SET search_path TO public
    AS $aludel$
BEGIN
    NEW.org_id_new := NEW.org_id::integer;
    RETURN NEW;
END
$aludel$;

-- Create trigger zz_user_org_id_copy on "user".
-- Locks: SHARE ROW EXCLUSIVE on "user" (writes wait, reads continue), briefly.
CREATE TRIGGER zz_user_org_id_copy BEFORE INSERT OR UPDATE ON "user"
    FOR EACH ROW EXECUTE FUNCTION zz_user_org_id_copy();

-- Enable zz_user_org_id_copy for replicated changes too.
-- Locks: SHARE ROW EXCLUSIVE on "user" (writes wait, reads continue), briefly.
ALTER TABLE "user" ENABLE ALWAYS TRIGGER zz_user_org_id_copy;

-- Add constraint user_org_id_copy_check, NOT VALID: org_id_new equals org_id in new and updated rows.
-- Locks: ACCESS EXCLUSIVE on "user" (reads and writes wait), briefly.
ALTER TABLE "user" ADD CONSTRAINT user_org_id_copy_check CHECK (org_id_new IS NOT NULL AND org_id_new IS NOT DISTINCT FROM org_id::integer) NOT VALID;

-- Add column user_group.id_new.
-- Locks: ACCESS EXCLUSIVE on user_group (reads and writes wait), briefly.
ALTER TABLE user_group ADD COLUMN id_new integer;

-- Create the function of trigger zzzz_user_group_id_copy, which keeps id_new equal to id.
CREATE FUNCTION zzzz_user_group_id_copy() RETURNS trigger
    LANGUAGE plpgsql SET search_path TO public
    AS $aludel$
BEGIN
    NEW.id_new := NEW.id::integer;
    RETURN NEW;
END
$aludel$;

-- Create trigger zzzz_user_group_id_copy on user_group.
-- Locks: SHARE ROW EXCLUSIVE on user_group (writes wait, reads continue), briefly.
CREATE TRIGGER zzzz_user_group_id_copy BEFORE INSERT OR UPDATE ON user_group
    FOR EACH ROW EXECUTE FUNCTION zzzz_user_group_id_copy();

-- Enable zzzz_user_group_id_copy for replicated changes too.
-- Locks: SHARE ROW EXCLUSIVE on user_group (writes wait, reads continue), briefly.
ALTER TABLE user_group ENABLE ALWAYS TRIGGER zzzz_user_group_id_copy;

-- Add constraint user_group_id_copy_check, NOT VALID: id_new equals id in new and updated rows.
-- Locks: ACCESS EXCLUSIVE on user_group (reads and writes wait), briefly.
ALTER TABLE user_group ADD CONSTRAINT user_group_id_copy_check CHECK (id_new IS NOT NULL AND id_new IS NOT DISTINCT FROM id::integer) NOT VALID;

COMMIT;

-- Copy group_id of "user" to group_id_new, 5000 rows a transaction.
-- Locks: ROW EXCLUSIVE on "user" (reads and writes continue), briefly.
-- Updates rows in batches, each in its own transaction.
-- Fails if a value is out of range for integer.
-- aludel: batches by group_id, 5000 rows
UPDATE "user" SET group_id_new = group_id::integer WHERE group_id_new IS DISTINCT FROM group_id::integer;

-- Copy org_id of "user" to org_id_new, 5000 rows a transaction.
-- Locks: ROW EXCLUSIVE on "user" (reads and writes continue), briefly.
-- Updates rows in batches, each in its own transaction.
-- Fails if a value is out of range for integer.
-- aludel: batches by group_id, 5000 rows
UPDATE "user" SET org_id_new = org_id::integer WHERE org_id_new IS DISTINCT FROM org_id::integer;

-- Copy id of user_group to id_new, 5000 rows a transaction.
-- Locks: ROW EXCLUSIVE on user_group (reads and writes continue), briefly.
-- Updates rows in batches, each in its own transaction.
-- Triggers for UPDATE on user_group fire.
-- Fails if a value is out of range for integer.
-- aludel: batches by id, 5000 rows
UPDATE user_group SET id_new = id::integer WHERE id_new IS DISTINCT FROM id::integer;

BEGIN;

-- Validate constraint user_group_id_copy_check1: group_id_new equals group_id in every row.
-- Locks: SHARE UPDATE EXCLUSIVE on "user" (reads and writes continue), for the duration of the statement.
-- Reads every row.
ALTER TABLE "user" VALIDATE CONSTRAINT user_group_id_copy_check1;

-- Collect statistics of "user".group_id_new for the planner.
-- Locks: SHARE UPDATE EXCLUSIVE on "user" (reads and writes continue), briefly.
ANALYZE "user" (group_id_new);

COMMIT;

BEGIN;

-- Validate constraint user_org_id_copy_check: org_id_new equals org_id in every row.
-- Locks: SHARE UPDATE EXCLUSIVE on "user" (reads and writes continue), for the duration of the statement.
-- Reads every row.
ALTER TABLE "user" VALIDATE CONSTRAINT user_org_id_copy_check;

-- Collect statistics of "user".org_id_new for the planner.
-- Locks: SHARE UPDATE EXCLUSIVE on "user" (reads and writes continue), briefly.
ANALYZE "user" (org_id_new);

COMMIT;

-- Create unique index user_pkey_new on table "user".
-- Locks: SHARE UPDATE EXCLUSIVE on "user" (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Fails if two rows have the same key.
-- Runs outside a transaction.
CREATE UNIQUE INDEX CONCURRENTLY user_pkey_new ON "user" USING btree (group_id_new);

-- Create unique index user_org_key_new on table "user".
-- Locks: SHARE UPDATE EXCLUSIVE on "user" (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Fails if two rows have the same key.
-- Runs outside a transaction.
CREATE UNIQUE INDEX CONCURRENTLY user_org_key_new ON "user" USING btree (org_id_new) WHERE deleted_at IS NULL;

BEGIN;

-- Validate constraint user_group_id_copy_check: id_new equals id in every row.
-- Locks: SHARE UPDATE EXCLUSIVE on user_group (reads and writes continue), for the duration of the statement.
-- Reads every row.
ALTER TABLE user_group VALIDATE CONSTRAINT user_group_id_copy_check;

-- Collect statistics of user_group.id_new for the planner.
-- Locks: SHARE UPDATE EXCLUSIVE on user_group (reads and writes continue), briefly.
ANALYZE user_group (id_new);

COMMIT;

-- Create unique index user_group_pkey_new on table user_group.
-- Locks: SHARE UPDATE EXCLUSIVE on user_group (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Fails if two rows have the same key.
-- Runs outside a transaction.
CREATE UNIQUE INDEX CONCURRENTLY user_group_pkey_new ON user_group USING btree (id_new);

BEGIN;

-- Drop constraint user_pkey of table "user".
-- Locks: ACCESS EXCLUSIVE on "user" (reads and writes wait), briefly.
ALTER TABLE "user" DROP CONSTRAINT user_pkey;

-- Save privileges of column "user".group_id, column "user".org_id and column user_group.id, recreated below.
DO $aludel$
BEGIN
    PERFORM set_config('aludel.noted', coalesce(jsonb_agg(noted), '[]')::text, false)
    FROM (
        SELECT 'TABLE "user"', NULL, NULL, quote_ident(attname), attacl::text[]
        FROM pg_attribute
        WHERE attrelid = '"user"'::regclass AND attname = 'group_id' AND attacl IS NOT NULL AND NOT attisdropped
        UNION ALL
        SELECT 'TABLE "user"', NULL, NULL, quote_ident(attname), attacl::text[]
        FROM pg_attribute
        WHERE attrelid = '"user"'::regclass AND attname = 'org_id' AND attacl IS NOT NULL AND NOT attisdropped
        UNION ALL
        SELECT 'TABLE user_group', NULL, NULL, quote_ident(attname), attacl::text[]
        FROM pg_attribute
        WHERE attrelid = 'user_group'::regclass AND attname = 'id' AND attacl IS NOT NULL AND NOT attisdropped
    ) AS noted (object, altered, owner, attribute, privileges);
END
$aludel$;

-- Set NOT NULL on "user".group_id_new.
-- Locks: ACCESS EXCLUSIVE on "user" (reads and writes wait), briefly.
ALTER TABLE "user" ALTER COLUMN group_id_new SET NOT NULL;

-- Drop constraint user_group_id_copy_check1 of table "user".
-- Locks: ACCESS EXCLUSIVE on "user" (reads and writes wait), briefly.
ALTER TABLE "user" DROP CONSTRAINT user_group_id_copy_check1;

-- Drop trigger zz_user_group_id_copy on "user".
-- Locks: ACCESS EXCLUSIVE on "user" (reads and writes wait), briefly.
DROP TRIGGER zz_user_group_id_copy ON "user";

-- Drop the function of trigger zz_user_group_id_copy.
DROP FUNCTION zz_user_group_id_copy();

-- Drop column "user".group_id; group_id_new replaces it, as the last column of the table.
-- Locks: ACCESS EXCLUSIVE on "user" (reads and writes wait), briefly.
ALTER TABLE "user" DROP COLUMN group_id;

-- Drop index user_org_key of table "user".
-- Locks: ACCESS EXCLUSIVE on "user" (reads and writes wait), briefly.
DROP INDEX user_org_key;

-- Set NOT NULL on "user".org_id_new.
-- Locks: ACCESS EXCLUSIVE on "user" (reads and writes wait), briefly.
ALTER TABLE "user" ALTER COLUMN org_id_new SET NOT NULL;

-- Drop constraint user_org_id_copy_check of table "user".
-- Locks: ACCESS EXCLUSIVE on "user" (reads and writes wait), briefly.
ALTER TABLE "user" DROP CONSTRAINT user_org_id_copy_check;

-- Drop trigger zz_user_org_id_copy on "user".
-- Locks: ACCESS EXCLUSIVE on "user" (reads and writes wait), briefly.
DROP TRIGGER zz_user_org_id_copy ON "user";

-- Drop the function of trigger zz_user_org_id_copy.
DROP FUNCTION zz_user_org_id_copy();

-- Drop column "user".org_id; org_id_new replaces it, as the last column of the table.
-- Locks: ACCESS EXCLUSIVE on "user" (reads and writes wait), briefly.
ALTER TABLE "user" DROP COLUMN org_id;

-- Drop constraint user_group_pkey of table user_group.
-- Locks: ACCESS EXCLUSIVE on user_group (reads and writes wait), briefly.
ALTER TABLE user_group DROP CONSTRAINT user_group_pkey;

-- Set NOT NULL on user_group.id_new.
-- Locks: ACCESS EXCLUSIVE on user_group (reads and writes wait), briefly.
ALTER TABLE user_group ALTER COLUMN id_new SET NOT NULL;

-- Drop constraint user_group_id_copy_check of table user_group.
-- Locks: ACCESS EXCLUSIVE on user_group (reads and writes wait), briefly.
ALTER TABLE user_group DROP CONSTRAINT user_group_id_copy_check;

-- Drop trigger zzzz_user_group_id_copy on user_group.
-- Locks: ACCESS EXCLUSIVE on user_group (reads and writes wait), briefly.
DROP TRIGGER zzzz_user_group_id_copy ON user_group;

-- Drop the function of trigger zzzz_user_group_id_copy.
DROP FUNCTION zzzz_user_group_id_copy();

-- Drop column user_group.id; id_new replaces it, as the last column of the table.
-- Locks: ACCESS EXCLUSIVE on user_group (reads and writes wait), briefly.
ALTER TABLE user_group DROP COLUMN id;

-- Rename column "user".group_id_new to group_id.
-- Locks: ACCESS EXCLUSIVE on "user" (reads and writes wait), briefly.
ALTER TABLE "user" RENAME COLUMN group_id_new TO group_id;

-- Rename column "user".org_id_new to org_id.
-- Locks: ACCESS EXCLUSIVE on "user" (reads and writes wait), briefly.
ALTER TABLE "user" RENAME COLUMN org_id_new TO org_id;

-- Add constraint user_pkey to table "user" with index user_pkey_new.
-- Locks: ACCESS EXCLUSIVE on "user" (reads and writes wait), briefly.
ALTER TABLE "user" ADD CONSTRAINT user_pkey PRIMARY KEY USING INDEX user_pkey_new;

-- Rename index user_org_key_new to user_org_key.
-- Locks: SHARE UPDATE EXCLUSIVE on index user_org_key_new (reads and writes continue), briefly.
ALTER INDEX user_org_key_new RENAME TO user_org_key;

-- Rename column user_group.id_new to id.
-- Locks: ACCESS EXCLUSIVE on user_group (reads and writes wait), briefly.
ALTER TABLE user_group RENAME COLUMN id_new TO id;

-- Restore privileges of column "user".group_id, column "user".org_id and column user_group.id.
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
        WHERE object IN ('TABLE "user"', 'TABLE user_group')
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

-- Add constraint user_group_pkey to table user_group with index user_group_pkey_new.
-- Locks: ACCESS EXCLUSIVE on user_group (reads and writes wait), briefly.
ALTER TABLE user_group ADD CONSTRAINT user_group_pkey PRIMARY KEY USING INDEX user_group_pkey_new;

COMMIT;
