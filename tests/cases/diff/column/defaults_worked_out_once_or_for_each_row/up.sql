BEGIN;

-- Add column t.a.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ADD COLUMN a timestamp without time zone DEFAULT (now() AT TIME ZONE 'utc'::text) NOT NULL;

-- Add column t.b.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ADD COLUMN b text DEFAULT 'a(b'::text NOT NULL;

-- Add column t.c.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ADD COLUMN c text DEFAULT lower('X'::text) NOT NULL;

COMMIT;

BEGIN;

-- Add column t.d.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE t ADD COLUMN d uuid DEFAULT gen_random_uuid() NOT NULL;

COMMIT;

BEGIN;

-- Add column t.e.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE t ADD COLUMN e timestamp with time zone DEFAULT clock_timestamp() NOT NULL;

COMMIT;

BEGIN;

-- Add column t.f.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE t ADD COLUMN f double precision DEFAULT (random() + (1)::double precision) NOT NULL;

COMMIT;

BEGIN;

-- Add column t.g.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ADD COLUMN g date DEFAULT CURRENT_DATE NOT NULL;

COMMIT;
