BEGIN;

-- Add column t.a.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE t ADD COLUMN a positive;

COMMIT;

BEGIN;

-- Add column t.b.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE t ADD COLUMN b above;

COMMIT;

BEGIN;

-- Add column t.c.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ADD COLUMN c plain NOT NULL;

COMMIT;

BEGIN;

-- Add column t.d.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE t ADD COLUMN d token NOT NULL;

COMMIT;

BEGIN;

-- Add column t.e.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ADD COLUMN e token DEFAULT '00000000-0000-0000-0000-000000000000'::uuid NOT NULL;

COMMIT;
