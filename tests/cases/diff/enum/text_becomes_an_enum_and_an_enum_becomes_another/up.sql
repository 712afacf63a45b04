BEGIN;

-- Create enum new.
CREATE TYPE new AS ENUM ('b', 'a');

COMMIT;

BEGIN;

-- Drop the default of column t.x.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), until the end of the transaction, which can take long.
ALTER TABLE t ALTER COLUMN x DROP DEFAULT;

-- Change column t.x from text to new.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Fails if a value cannot be converted to new.
ALTER TABLE t ALTER COLUMN x TYPE new USING x::new;

-- Set the default of column t.x; existing rows keep their values.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ALTER COLUMN x SET DEFAULT 'a'::new;

COMMIT;

BEGIN;

-- Drop the default of column t.y.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), until the end of the transaction, which can take long.
ALTER TABLE t ALTER COLUMN y DROP DEFAULT;

-- Change column t.y from old to new.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Fails if a value cannot be converted to new.
ALTER TABLE t ALTER COLUMN y TYPE new USING y::text::new;

-- Set the default of column t.y; existing rows keep their values.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ALTER COLUMN y SET DEFAULT 'b'::new;

COMMIT;

BEGIN;

-- Change column t.z from old[] to new[].
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Fails if a value cannot be converted to new[].
ALTER TABLE t ALTER COLUMN z TYPE new[] USING z::text[]::new[];

COMMIT;

BEGIN;

-- Drop enum old.
DROP TYPE old;

COMMIT;
