-- Drop constraint a_b_id_fkey of table app.a.
-- Locks: ACCESS EXCLUSIVE on app.a, b (reads and writes wait), briefly.
ALTER TABLE app.a DROP CONSTRAINT a_b_id_fkey;

-- Drop constraint b_a_id_fkey of table b.
-- Locks: ACCESS EXCLUSIVE on app.a, b (reads and writes wait), briefly.
ALTER TABLE b DROP CONSTRAINT b_a_id_fkey;

-- Drop table app.a.
-- Locks: ACCESS EXCLUSIVE on app.a (reads and writes wait), briefly.
-- Loses every row of the table.
DROP TABLE app.a;

-- Drop table b.
-- Locks: ACCESS EXCLUSIVE on b (reads and writes wait), briefly.
-- Loses every row of the table.
DROP TABLE b;

-- Drop sequence app.free.
-- Locks: ACCESS EXCLUSIVE on sequence app.free (reads and writes wait), briefly.
-- Loses the sequence's current value.
DROP SEQUENCE app.free;

-- Drop enum app.mood.
DROP TYPE app.mood;

-- Drop extension vector if the current role owns it.
-- Fails if an object still depends on the extension.
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_catalog.pg_extension
                WHERE extname = 'vector' AND pg_catalog.pg_has_role(extowner, 'USAGE')) THEN
        DROP EXTENSION vector;
    END IF;
END $$;

-- Drop schema app.
DROP SCHEMA app;
