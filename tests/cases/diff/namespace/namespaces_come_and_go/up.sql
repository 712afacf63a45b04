-- Create schema "Odd One".
CREATE SCHEMA "Odd One";

-- Create schema new.
CREATE SCHEMA new;

-- Set comment on schema new.
COMMENT ON SCHEMA new IS 'fresh';

-- Create enum "Odd One".e.
CREATE TYPE "Odd One".e AS ENUM ('x');

-- Create table new.t.
-- No locks on existing tables.
CREATE TABLE new.t (
    a text NOT NULL
);

-- Drop table old.t.
-- Locks: ACCESS EXCLUSIVE on old.t (reads and writes wait), briefly.
-- Loses every row of the table.
DROP TABLE old.t;

-- Drop schema old.
DROP SCHEMA old;
