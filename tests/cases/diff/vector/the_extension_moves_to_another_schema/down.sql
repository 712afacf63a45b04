-- Move extension vector to schema public.
ALTER EXTENSION vector SET SCHEMA public;

-- Drop schema extensions if the current role owns it.
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_catalog.pg_namespace
                WHERE nspname = 'extensions' AND pg_catalog.pg_has_role(nspowner, 'USAGE')) THEN
        DROP SCHEMA extensions;
    END IF;
END $$;
