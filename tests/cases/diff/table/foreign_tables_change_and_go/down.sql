-- Set options of foreign table films.
-- Locks: ACCESS EXCLUSIVE on films (reads and writes wait), briefly.
ALTER FOREIGN TABLE films OPTIONS (SET table_name 'films');

-- Remove comment from foreign table films.
-- Locks: SHARE UPDATE EXCLUSIVE on films (reads and writes continue), briefly.
COMMENT ON FOREIGN TABLE films IS NULL;

-- Set options of column films.code.
-- Locks: ACCESS EXCLUSIVE on films (reads and writes wait), briefly.
ALTER FOREIGN TABLE films ALTER COLUMN code OPTIONS (SET column_name 'CODE');

-- Create table gone.
-- No locks on existing tables.
CREATE FOREIGN TABLE gone (
    a text NOT NULL
) SERVER elsewhere;
