-- Rename index new_idx to old_idx.
-- Locks: SHARE UPDATE EXCLUSIVE on index new_idx (reads and writes continue), briefly.
ALTER INDEX new_idx RENAME TO old_idx;

-- Rename constraint new_fkey on b to old_fkey.
-- Locks: ACCESS EXCLUSIVE on b (reads and writes wait), briefly.
ALTER TABLE b RENAME CONSTRAINT new_fkey TO old_fkey;

-- Rename constraint the_key on a to a_pkey.
-- Locks: ACCESS EXCLUSIVE on a (reads and writes wait), briefly.
ALTER TABLE a RENAME CONSTRAINT the_key TO a_pkey;

-- Rename constraint new_key on a to old_key.
-- Locks: ACCESS EXCLUSIVE on a (reads and writes wait), briefly.
ALTER TABLE a RENAME CONSTRAINT new_key TO old_key;

-- Rename constraint new_check on a to old_check.
-- Locks: ACCESS EXCLUSIVE on a (reads and writes wait), briefly.
ALTER TABLE a RENAME CONSTRAINT new_check TO old_check;
