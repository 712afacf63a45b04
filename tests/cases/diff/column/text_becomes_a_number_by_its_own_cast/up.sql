-- Drop the default of column t.amount.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), until the transaction ends, which takes long.
ALTER TABLE t ALTER COLUMN amount DROP DEFAULT;

-- Change column t.amount from text to integer.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for as long as it takes.
-- Rewrites the table and its indexes.
-- Fails if a value cannot become integer.
ALTER TABLE t ALTER COLUMN amount TYPE integer USING amount::integer;

-- Set the default of column t.amount; existing rows keep their values.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ALTER COLUMN amount SET DEFAULT 0;
