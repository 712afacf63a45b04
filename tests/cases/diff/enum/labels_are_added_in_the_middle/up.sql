BEGIN;

-- Add label 'best' to enum mood.
-- Committed before the next statement.
ALTER TYPE mood ADD VALUE 'best' BEFORE 'good';

-- Add label 'fair' to enum mood.
-- Committed before the next statement.
ALTER TYPE mood ADD VALUE 'fair' BEFORE 'bad';

-- Add label 'it's' to enum mood.
-- Committed before the next statement.
ALTER TYPE mood ADD VALUE 'it''s' BEFORE 'bad';

-- Add label 'back\slash' to enum mood.
-- Committed before the next statement.
ALTER TYPE mood ADD VALUE E'back\\slash';

COMMIT;

BEGIN;

-- Set the default of column t.m; existing rows keep their values.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ALTER COLUMN m SET DEFAULT 'fair'::mood;

COMMIT;
