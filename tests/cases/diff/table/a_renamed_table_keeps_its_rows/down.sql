-- Create sequence people_id_seq.
CREATE SEQUENCE people_id_seq AS integer;

-- Set owner of sequence people_id_seq to users.id.
ALTER SEQUENCE people_id_seq OWNED BY users.id;

-- Set the default of column users.id; existing rows keep their values.
-- Locks: ACCESS EXCLUSIVE on users (reads and writes wait), briefly.
ALTER TABLE users ALTER COLUMN id SET DEFAULT nextval('people_id_seq'::regclass);

-- Rename index users_name_idx to people_name_idx.
-- Locks: SHARE UPDATE EXCLUSIVE on index users_name_idx (reads and writes continue), briefly.
ALTER INDEX users_name_idx RENAME TO people_name_idx;

-- Rename constraint users_pkey on users to people_pkey.
-- Locks: ACCESS EXCLUSIVE on users (reads and writes wait), briefly.
ALTER TABLE users RENAME CONSTRAINT users_pkey TO people_pkey;

-- Rename constraint users_boss_fkey on users to people_boss_fkey.
-- Locks: ACCESS EXCLUSIVE on users (reads and writes wait), briefly.
ALTER TABLE users RENAME CONSTRAINT users_boss_fkey TO people_boss_fkey;

-- Rename table users to people.
-- Locks: ACCESS EXCLUSIVE on users (reads and writes wait), briefly.
ALTER TABLE users RENAME TO people;
