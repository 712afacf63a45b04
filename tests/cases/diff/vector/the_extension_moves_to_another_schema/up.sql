-- Create schema extensions.
CREATE SCHEMA extensions;

-- Move extension vector to schema extensions.
ALTER EXTENSION vector SET SCHEMA extensions;
