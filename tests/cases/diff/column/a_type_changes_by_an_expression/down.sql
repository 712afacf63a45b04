-- Drop the default of column t.state.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), until the end of the transaction, which can take long.
ALTER TABLE t ALTER COLUMN state DROP DEFAULT;

-- Change column t.state from boolean to integer.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Fails if a value cannot be converted to integer.
ALTER TABLE t ALTER COLUMN state TYPE integer USING state::integer;

-- Set the default of column t.state; existing rows keep their values.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ALTER COLUMN state SET DEFAULT 0;
