-- Drop constraint a_pkey of table a.
-- Locks: ACCESS EXCLUSIVE on a (reads and writes wait), until the transaction ends, which takes long.
ALTER TABLE a DROP CONSTRAINT a_pkey;

-- Drop constraint b_pkey of table b.
-- Locks: ACCESS EXCLUSIVE on b (reads and writes wait), until the transaction ends, which takes long.
ALTER TABLE b DROP CONSTRAINT b_pkey;

-- Allow NULL in column a.id.
-- Locks: ACCESS EXCLUSIVE on a (reads and writes wait), until the transaction ends, which takes long.
ALTER TABLE a ALTER COLUMN id DROP NOT NULL;

-- Add constraint b_pkey to table b.
-- Locks: ACCESS EXCLUSIVE on b (reads and writes wait), until the transaction ends, which takes long.
-- Reads every row and builds an index.
-- Fails if two rows have the same key, or a key is NULL.
ALTER TABLE b ADD CONSTRAINT b_pkey PRIMARY KEY (id);

-- Forbid NULL in column c.id.
-- Locks: ACCESS EXCLUSIVE on c (reads and writes wait), until the transaction ends, which takes long.
-- Reads every row.
-- Fails if the column holds a NULL.
ALTER TABLE c ALTER COLUMN id SET NOT NULL;

-- Add constraint c_pkey to table c.
-- Locks: ACCESS EXCLUSIVE on c (reads and writes wait), for as long as it takes.
-- Reads every row and builds an index.
-- Fails if two rows have the same key, or a key is NULL.
ALTER TABLE c ADD CONSTRAINT c_pkey PRIMARY KEY (id);
