-- Rename table people to users.
-- Locks: ACCESS EXCLUSIVE on people (reads and writes wait), briefly.
ALTER TABLE people RENAME TO users;

-- Rename table dogs to dogs_between.
-- Locks: ACCESS EXCLUSIVE on dogs (reads and writes wait), briefly.
ALTER TABLE dogs RENAME TO dogs_between;

-- Rename table cats to dogs.
-- Locks: ACCESS EXCLUSIVE on cats (reads and writes wait), briefly.
ALTER TABLE cats RENAME TO dogs;

-- Rename table dogs_between to cats.
-- Locks: ACCESS EXCLUSIVE on dogs_between (reads and writes wait), briefly.
ALTER TABLE dogs_between RENAME TO cats;

-- Rename column users.id to number.
-- Locks: ACCESS EXCLUSIVE on users (reads and writes wait), briefly.
ALTER TABLE users RENAME COLUMN id TO number;

-- Rename sequence dogs_id_seq to dogs_id_seq_between.
-- Locks: ACCESS EXCLUSIVE on sequence dogs_id_seq (reads and writes wait), briefly.
ALTER SEQUENCE dogs_id_seq RENAME TO dogs_id_seq_between;

-- Rename sequence cats_id_seq to dogs_id_seq.
-- Locks: ACCESS EXCLUSIVE on sequence cats_id_seq (reads and writes wait), briefly.
ALTER SEQUENCE cats_id_seq RENAME TO dogs_id_seq;

-- Rename sequence dogs_id_seq_between to cats_id_seq.
-- Locks: ACCESS EXCLUSIVE on sequence dogs_id_seq_between (reads and writes wait), briefly.
ALTER SEQUENCE dogs_id_seq_between RENAME TO cats_id_seq;

-- Drop sequence users_number_seq.
-- Locks: ACCESS EXCLUSIVE on sequence users_number_seq (reads and writes wait), briefly.
-- Loses the sequence's current value.
DROP SEQUENCE users_number_seq;

-- Rename sequence people_id_seq to users_number_seq.
-- Locks: ACCESS EXCLUSIVE on sequence people_id_seq (reads and writes wait), briefly.
ALTER SEQUENCE people_id_seq RENAME TO users_number_seq;

-- Change the identity of column users.number.
-- Locks: ACCESS EXCLUSIVE on users (reads and writes wait), briefly.
ALTER TABLE users ALTER COLUMN number SET CACHE 5;

-- Create sequence people_id_seq.
CREATE SEQUENCE people_id_seq;
