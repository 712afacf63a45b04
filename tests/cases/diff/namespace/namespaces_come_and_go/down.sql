-- Create schema old.
CREATE SCHEMA old;

-- Describe schema old.
COMMENT ON SCHEMA old IS 'gone';

-- Create table old.t.
-- Locks nothing that is in use.
CREATE TABLE old.t (
    a text NOT NULL
);

-- Drop table new.t.
-- Locks: ACCESS EXCLUSIVE on new.t (reads and writes wait), for a moment.
-- Loses every row of the table.
DROP TABLE new.t;

-- Drop enum "Odd One".e.
DROP TYPE "Odd One".e;

-- Drop schema "Odd One".
DROP SCHEMA "Odd One";

-- Drop schema new.
DROP SCHEMA new;
