-- Rename constraint old_check on a to new_check.
-- Locks: ACCESS EXCLUSIVE on a (reads and writes wait), briefly.
ALTER TABLE a RENAME CONSTRAINT old_check TO new_check;

-- Rename constraint old_key on a to new_key.
-- Locks: ACCESS EXCLUSIVE on a (reads and writes wait), briefly.
ALTER TABLE a RENAME CONSTRAINT old_key TO new_key;

-- Rename constraint a_pkey on a to the_key.
-- Locks: ACCESS EXCLUSIVE on a (reads and writes wait), briefly.
ALTER TABLE a RENAME CONSTRAINT a_pkey TO the_key;

-- Rename constraint old_fkey on b to new_fkey.
-- Locks: ACCESS EXCLUSIVE on b (reads and writes wait), briefly.
ALTER TABLE b RENAME CONSTRAINT old_fkey TO new_fkey;

-- Rename index old_idx to new_idx.
-- Locks: SHARE UPDATE EXCLUSIVE on index old_idx (reads and writes continue), briefly.
ALTER INDEX old_idx RENAME TO new_idx;
