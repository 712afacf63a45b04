-- Drop index t_v of table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
DROP INDEX t_v;

-- Drop column t.v.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
-- Loses the values of the column.
ALTER TABLE t DROP COLUMN v;

-- Drop extension vector if the current role owns it.
-- Fails if an object still depends on the extension.
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_catalog.pg_extension
                WHERE extname = 'vector' AND pg_catalog.pg_has_role(extowner, 'USAGE')) THEN
        DROP EXTENSION vector;
    END IF;
END $$;
