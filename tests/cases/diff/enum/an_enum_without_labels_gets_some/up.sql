BEGIN;

-- Add label 'one' to enum e.
-- Committed before the next statement.
ALTER TYPE e ADD VALUE 'one';

COMMIT;

BEGIN;

-- Create table t.
-- No locks on existing tables.
CREATE TABLE t (
    x e DEFAULT 'one'::e NOT NULL
);

COMMIT;
