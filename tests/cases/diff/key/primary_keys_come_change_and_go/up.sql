-- Drop constraint b_pkey of table b.
-- Locks: ACCESS EXCLUSIVE on b (reads and writes wait), until the transaction ends, which takes long.
ALTER TABLE b DROP CONSTRAINT b_pkey;

-- Drop constraint c_pkey of table c.
-- Locks: ACCESS EXCLUSIVE on c (reads and writes wait), until the transaction ends, which takes long.
ALTER TABLE c DROP CONSTRAINT c_pkey;

-- Forbid NULL in column a.id.
-- Locks: ACCESS EXCLUSIVE on a (reads and writes wait), until the transaction ends, which takes long.
-- Reads every row.
-- Fails if the column holds a NULL.
ALTER TABLE a ALTER COLUMN id SET NOT NULL;

-- Add constraint a_pkey to table a.
-- Locks: ACCESS EXCLUSIVE on a (reads and writes wait), until the transaction ends, which takes long.
-- Reads every row and builds an index.
-- Fails if two rows have the same key, or a key is NULL.
ALTER TABLE a ADD CONSTRAINT a_pkey PRIMARY KEY (id);

-- Add constraint b_pkey to table b.
-- Locks: ACCESS EXCLUSIVE on b (reads and writes wait), for as long as it takes.
-- Reads every row and builds an index.
-- Fails if two rows have the same key, or a key is NULL.
ALTER TABLE b ADD CONSTRAINT b_pkey PRIMARY KEY (id, x);

-- Describe constraint b_pkey on b.
COMMENT ON CONSTRAINT b_pkey ON b IS 'both';

-- Allow NULL in column c.id.
-- Locks: ACCESS EXCLUSIVE on c (reads and writes wait), for a moment.
ALTER TABLE c ALTER COLUMN id DROP NOT NULL;
