-- Create schema old.
CREATE SCHEMA old;

-- Set comment on schema old.
COMMENT ON SCHEMA old IS 'gone';

-- Create table old.t.
-- No locks on existing tables.
CREATE TABLE old.t (
    a text NOT NULL
);

-- Drop table new.t.
-- Locks: ACCESS EXCLUSIVE on new.t (reads and writes wait), briefly.
-- Loses every row of the table.
DROP TABLE new.t;

-- Drop enum "Odd One".e.
DROP TYPE "Odd One".e;

-- Drop schema "Odd One".
DROP SCHEMA "Odd One";

-- Drop schema new.
DROP SCHEMA new;
