BEGIN;

-- Create collation plain.
CREATE COLLATION plain (PROVIDER = libc, LOCALE = 'C');

-- Create text search configuration documents.
CREATE TEXT SEARCH CONFIGURATION documents (PARSER = pg_catalog."default");

-- Set row security of table accounts.
-- Locks: ACCESS EXCLUSIVE on accounts (reads and writes wait), briefly.
ALTER TABLE accounts ENABLE ROW LEVEL SECURITY;

-- Disable function body checks: bodies may refer to objects created below.
SET check_function_bodies = off;

-- Create function half(integer).
CREATE FUNCTION half(n integer)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
AS $function$SELECT n / 2$function$;

-- Create function touch().
CREATE FUNCTION touch()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$BEGIN RETURN NEW; END$function$;

-- Create procedure forget(text).
CREATE PROCEDURE forget(IN who text)
 LANGUAGE sql
AS $procedure$DELETE FROM users WHERE name = who$procedure$;

-- Create aggregate product(double precision).
CREATE AGGREGATE product(double precision) (
    SFUNC = float8mul,
    STYPE = double precision,
    INITCOND = '1'
);

-- Enable function body checks.
RESET check_function_bodies;

-- Create operator "==="(text, text).
CREATE OPERATOR === (
    FUNCTION = texteq,
    LEFTARG = text,
    RIGHTARG = text
);

-- Create statistics object accounts_statistics.
-- Locks: SHARE UPDATE EXCLUSIVE on accounts (reads and writes continue), briefly.
CREATE STATISTICS public.accounts_statistics ON owner, balance FROM accounts;

-- Create publication all_users.
-- Locks: SHARE UPDATE EXCLUSIVE on users (reads and writes continue), briefly.
CREATE PUBLICATION all_users FOR TABLE ONLY users;

-- Create view rich.
CREATE VIEW rich AS
SELECT id,
    owner
   FROM accounts
  WHERE (balance > 10);

-- Create rule keep on accounts.
-- Locks: ACCESS EXCLUSIVE on accounts (reads and writes wait), briefly.
CREATE RULE keep AS
    ON DELETE TO public.accounts
   WHERE (old.balance > 5) DO INSTEAD NOTHING;

-- Create trigger touch on accounts.
-- Locks: SHARE ROW EXCLUSIVE on accounts (writes wait, reads continue), briefly.
CREATE TRIGGER touch BEFORE UPDATE ON accounts FOR EACH ROW EXECUTE FUNCTION touch();

-- Create policy own on accounts.
-- Locks: ACCESS EXCLUSIVE on accounts (reads and writes wait), briefly.
CREATE POLICY own ON accounts
    USING ((owner = CURRENT_USER));

COMMIT;

BEGIN;

-- Create materialized view initials.
-- Reads every row.
CREATE MATERIALIZED VIEW initials AS
SELECT "left"(name, 1) AS letter,
    count(*) AS people
   FROM users
  GROUP BY ("left"(name, 1));

-- Create unique index initials_letter_idx on table initials.
CREATE UNIQUE INDEX initials_letter_idx ON initials USING btree (letter);

COMMIT;
