-- Set options of foreign table films.
-- Locks: ACCESS EXCLUSIVE on films (reads and writes wait), briefly.
ALTER FOREIGN TABLE films OPTIONS (SET table_name 'movies');

-- Set comment on foreign table films.
-- Locks: SHARE UPDATE EXCLUSIVE on films (reads and writes continue), briefly.
COMMENT ON FOREIGN TABLE films IS 'From afar';

-- Set options of column films.code.
-- Locks: ACCESS EXCLUSIVE on films (reads and writes wait), briefly.
ALTER FOREIGN TABLE films ALTER COLUMN code OPTIONS (SET column_name 'code');

-- Drop foreign table gone.
-- Locks: ACCESS EXCLUSIVE on gone (reads and writes wait), briefly.
DROP FOREIGN TABLE gone;
