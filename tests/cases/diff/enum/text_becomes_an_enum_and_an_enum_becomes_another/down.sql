BEGIN;

-- Create enum old.
CREATE TYPE old AS ENUM ('a', 'b');

COMMIT;

BEGIN;

-- Change column t.x from new to text.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE t ALTER COLUMN x TYPE text;

COMMIT;

BEGIN;

-- Set the default of column t.x; existing rows keep their values.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ALTER COLUMN x SET DEFAULT 'a'::text;

COMMIT;

BEGIN;

-- Drop the default of column t.y.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), until the end of the transaction, which can take long.
ALTER TABLE t ALTER COLUMN y DROP DEFAULT;

-- Change column t.y from new to old.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Fails if a value cannot be converted to old.
ALTER TABLE t ALTER COLUMN y TYPE old USING y::text::old;

-- Set the default of column t.y; existing rows keep their values.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ALTER COLUMN y SET DEFAULT 'b'::old;

COMMIT;

BEGIN;

-- Change column t.z from new[] to old[].
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Fails if a value cannot be converted to old[].
ALTER TABLE t ALTER COLUMN z TYPE old[] USING z::text[]::old[];

COMMIT;

BEGIN;

-- Drop enum new.
DROP TYPE new;

COMMIT;
