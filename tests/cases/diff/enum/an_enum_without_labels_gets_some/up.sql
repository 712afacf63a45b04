BEGIN;

-- Add label 'one' to enum e.
-- Committed before the next statement.
ALTER TYPE e ADD VALUE 'one';

COMMIT;

BEGIN;

-- Create table t.
-- Locks nothing that is in use.
CREATE TABLE t (
    x e DEFAULT 'one'::e NOT NULL
);

COMMIT;
