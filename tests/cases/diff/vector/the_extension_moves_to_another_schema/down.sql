-- Move extension vector to schema public.
ALTER EXTENSION vector SET SCHEMA public;

-- Drop schema extensions.
DROP SCHEMA extensions;
