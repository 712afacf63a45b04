-- Rename table people to users.
-- Locks: ACCESS EXCLUSIVE on people (reads and writes wait), briefly.
ALTER TABLE people RENAME TO users;

-- Rename constraint people_boss_fkey on users to users_boss_fkey.
-- Locks: ACCESS EXCLUSIVE on users (reads and writes wait), briefly.
ALTER TABLE users RENAME CONSTRAINT people_boss_fkey TO users_boss_fkey;

-- Rename constraint people_pkey on users to users_pkey.
-- Locks: ACCESS EXCLUSIVE on users (reads and writes wait), briefly.
ALTER TABLE users RENAME CONSTRAINT people_pkey TO users_pkey;

-- Rename index people_name_idx to users_name_idx.
-- Locks: SHARE UPDATE EXCLUSIVE on index people_name_idx (reads and writes continue), briefly.
ALTER INDEX people_name_idx RENAME TO users_name_idx;

-- Drop the default of column users.id.
-- Locks: ACCESS EXCLUSIVE on users (reads and writes wait), briefly.
ALTER TABLE users ALTER COLUMN id DROP DEFAULT;

-- Drop sequence people_id_seq.
-- Locks: ACCESS EXCLUSIVE on sequence people_id_seq (reads and writes wait), briefly.
-- Loses the sequence's current value.
DROP SEQUENCE people_id_seq;
