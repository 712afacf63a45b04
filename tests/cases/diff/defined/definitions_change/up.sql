BEGIN;

-- Drop trigger touch on accounts.
-- Locks: ACCESS EXCLUSIVE on accounts (reads and writes wait), briefly.
DROP TRIGGER touch ON accounts;

-- Drop policy own on accounts.
-- Locks: ACCESS EXCLUSIVE on accounts (reads and writes wait), briefly.
DROP POLICY own ON accounts;

-- Drop statistics object accounts_statistics.
-- Locks: SHARE UPDATE EXCLUSIVE on accounts (reads and writes continue), briefly.
DROP STATISTICS accounts_statistics;

-- Drop publication all_users.
DROP PUBLICATION all_users;

-- Set row security of table accounts.
-- Locks: ACCESS EXCLUSIVE on accounts (reads and writes wait), briefly.
ALTER TABLE accounts FORCE ROW LEVEL SECURITY;

-- Create statistics object accounts_statistics.
-- Locks: SHARE UPDATE EXCLUSIVE on accounts (reads and writes continue), briefly.
CREATE STATISTICS public.accounts_statistics ON id, balance FROM accounts;

-- Create publication all_users.
-- Locks: SHARE UPDATE EXCLUSIVE on accounts, users (reads and writes continue), briefly.
CREATE PUBLICATION all_users FOR TABLE ONLY accounts, ONLY users;

-- Disable function body checks: bodies may refer to objects created below.
SET check_function_bodies = off;

-- Replace function half(integer); dependent objects are kept.
CREATE OR REPLACE FUNCTION half(n integer)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
AS $function$SELECT n >> 1$function$;

-- Replace function touch(); dependent objects are kept.
CREATE OR REPLACE FUNCTION touch()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$BEGIN NEW.balance := NEW.balance; RETURN NEW; END$function$;

-- Enable function body checks.
RESET check_function_bodies;

-- Replace view rich; dependent objects are kept.
-- Locks: ACCESS EXCLUSIVE on view rich (reads and writes wait), briefly.
CREATE OR REPLACE VIEW rich AS
SELECT id,
    owner,
    balance
   FROM accounts
  WHERE (balance > 10);

-- Create trigger touch on accounts.
-- Locks: SHARE ROW EXCLUSIVE on accounts (writes wait, reads continue), briefly.
CREATE TRIGGER touch BEFORE INSERT OR UPDATE ON accounts FOR EACH ROW EXECUTE FUNCTION touch();

-- Create policy own on accounts.
-- Locks: ACCESS EXCLUSIVE on accounts (reads and writes wait), briefly.
CREATE POLICY own ON accounts
    FOR SELECT
    USING ((owner = CURRENT_USER));

-- Replace rule keep on accounts; dependent objects are kept.
-- Locks: ACCESS EXCLUSIVE on accounts (reads and writes wait), briefly.
CREATE OR REPLACE RULE keep AS
    ON DELETE TO public.accounts
   WHERE (old.balance > 6) DO INSTEAD NOTHING;

COMMIT;

BEGIN;

-- Save owner and privileges of materialized view initials, recreated below.
DO $aludel$
BEGIN
    PERFORM set_config('aludel.noted', coalesce(jsonb_agg(noted), '[]')::text, false)
    FROM (
        SELECT 'TABLE initials', 'MATERIALIZED VIEW initials', relowner::regrole::text, NULL, coalesce(relacl, acldefault('r', relowner))::text[]
        FROM pg_class WHERE oid = 'initials'::regclass
        UNION ALL
        SELECT 'TABLE initials', NULL, NULL, quote_ident(attname), attacl::text[]
        FROM pg_attribute
        WHERE attrelid = 'initials'::regclass AND attacl IS NOT NULL AND NOT attisdropped
    ) AS noted (object, altered, owner, attribute, privileges);
END
$aludel$;

-- Drop materialized view initials.
-- Locks: ACCESS EXCLUSIVE on materialized view initials (reads and writes wait), until the end of the transaction, which can take long.
DROP MATERIALIZED VIEW initials;

-- Create materialized view initials.
-- Reads every row.
CREATE MATERIALIZED VIEW initials AS
SELECT "left"(name, 2) AS letter,
    count(*) AS people
   FROM users
  GROUP BY ("left"(name, 2));

-- Restore owner and privileges of materialized view initials.
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
        WHERE object IN ('TABLE initials')
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

-- Create unique index initials_letter_idx on table initials.
CREATE UNIQUE INDEX initials_letter_idx ON initials USING btree (letter);

COMMIT;
