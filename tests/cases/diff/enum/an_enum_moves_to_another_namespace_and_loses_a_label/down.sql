BEGIN;

-- Add label 'unused' to enum app.mood.
-- Committed before the next statement.
ALTER TYPE app.mood ADD VALUE 'unused';

COMMIT;

BEGIN;

-- Move enum app.mood to schema public.
ALTER TYPE app.mood SET SCHEMA public;

-- Drop schema app.
DROP SCHEMA app;

COMMIT;
