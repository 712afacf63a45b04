-- Drop the default of column t.state.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), until the transaction ends, which takes long.
ALTER TABLE t ALTER COLUMN state DROP DEFAULT;

-- Change column t.state from boolean to integer.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for as long as it takes.
-- Rewrites the table and its indexes.
-- Fails if a value cannot become integer.
ALTER TABLE t ALTER COLUMN state TYPE integer USING state::integer;

-- Set the default of column t.state; existing rows keep their values.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ALTER COLUMN state SET DEFAULT 0;
