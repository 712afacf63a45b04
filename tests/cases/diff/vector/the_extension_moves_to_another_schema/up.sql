-- Create schema extensions if it does not exist.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = 'extensions') THEN
        CREATE SCHEMA extensions;
    END IF;
END $$;

-- Move extension vector to schema extensions.
ALTER EXTENSION vector SET SCHEMA extensions;
