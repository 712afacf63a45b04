-- Rename sequence cats_id_seq to cats_id_seq_between.
-- Locks: ACCESS EXCLUSIVE on sequence cats_id_seq (reads and writes wait), briefly.
ALTER SEQUENCE cats_id_seq RENAME TO cats_id_seq_between;

-- Rename sequence dogs_id_seq to cats_id_seq.
-- Locks: ACCESS EXCLUSIVE on sequence dogs_id_seq (reads and writes wait), briefly.
ALTER SEQUENCE dogs_id_seq RENAME TO cats_id_seq;

-- Rename sequence cats_id_seq_between to dogs_id_seq.
-- Locks: ACCESS EXCLUSIVE on sequence cats_id_seq_between (reads and writes wait), briefly.
ALTER SEQUENCE cats_id_seq_between RENAME TO dogs_id_seq;

-- Drop sequence people_id_seq.
-- Locks: ACCESS EXCLUSIVE on sequence people_id_seq (reads and writes wait), briefly.
-- Loses the sequence's current value.
DROP SEQUENCE people_id_seq;

-- Rename sequence users_number_seq to people_id_seq.
-- Locks: ACCESS EXCLUSIVE on sequence users_number_seq (reads and writes wait), briefly.
ALTER SEQUENCE users_number_seq RENAME TO people_id_seq;

-- Change the identity of column users.number.
-- Locks: ACCESS EXCLUSIVE on users (reads and writes wait), briefly.
ALTER TABLE users ALTER COLUMN number SET CACHE 1;

-- Create sequence users_number_seq.
CREATE SEQUENCE users_number_seq;

-- Rename column users.number to id.
-- Locks: ACCESS EXCLUSIVE on users (reads and writes wait), briefly.
ALTER TABLE users RENAME COLUMN number TO id;

-- Rename table cats to dogs_between.
-- Locks: ACCESS EXCLUSIVE on cats (reads and writes wait), briefly.
ALTER TABLE cats RENAME TO dogs_between;

-- Rename table dogs to cats.
-- Locks: ACCESS EXCLUSIVE on dogs (reads and writes wait), briefly.
ALTER TABLE dogs RENAME TO cats;

-- Rename table dogs_between to dogs.
-- Locks: ACCESS EXCLUSIVE on dogs_between (reads and writes wait), briefly.
ALTER TABLE dogs_between RENAME TO dogs;

-- Rename table users to people.
-- Locks: ACCESS EXCLUSIVE on users (reads and writes wait), briefly.
ALTER TABLE users RENAME TO people;
