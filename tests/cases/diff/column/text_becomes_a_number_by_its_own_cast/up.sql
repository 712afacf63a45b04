-- Drop the default of column t.amount.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), until the end of the transaction, which can take long.
ALTER TABLE t ALTER COLUMN amount DROP DEFAULT;

-- Change column t.amount from text to integer.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Fails if a value cannot be converted to integer.
ALTER TABLE t ALTER COLUMN amount TYPE integer USING amount::integer;

-- Set the default of column t.amount; existing rows keep their values.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ALTER COLUMN amount SET DEFAULT 0;
