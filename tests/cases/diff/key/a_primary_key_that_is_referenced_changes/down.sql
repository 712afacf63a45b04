-- Drop constraint b_a_id_fkey of table b.
-- Locks: ACCESS EXCLUSIVE on a, b (reads and writes wait), until the transaction ends, which takes long.
ALTER TABLE b DROP CONSTRAINT b_a_id_fkey;

-- Drop constraint a_pkey of table a.
-- Locks: ACCESS EXCLUSIVE on a (reads and writes wait), until the transaction ends, which takes long.
ALTER TABLE a DROP CONSTRAINT a_pkey;

-- Add constraint a_pkey to table a.
-- Locks: ACCESS EXCLUSIVE on a (reads and writes wait), until the transaction ends, which takes long.
-- Reads every row and builds an index.
-- Fails if two rows have the same key, or a key is NULL.
ALTER TABLE a ADD CONSTRAINT a_pkey PRIMARY KEY (id);

-- Add constraint b_a_id_fkey to table b.
-- Locks: SHARE ROW EXCLUSIVE on a, b (writes wait, reads go on), for as long as it takes.
-- Reads every row.
-- Fails if a row references nothing.
ALTER TABLE b ADD CONSTRAINT b_a_id_fkey FOREIGN KEY (a_id) REFERENCES a (id) ON DELETE CASCADE;
