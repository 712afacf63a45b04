-- Create sequence a_number.
CREATE SEQUENCE a_number;

-- Create table west.
-- Locks: ACCESS EXCLUSIVE on orders (reads and writes wait), briefly.
CREATE TABLE west PARTITION OF orders FOR VALUES IN (1);

-- Set the default of column west.number; existing rows keep their values.
ALTER TABLE west ALTER COLUMN number SET DEFAULT nextval('a_number'::regclass);

-- Set owner of sequence a_number to west.number.
ALTER SEQUENCE a_number OWNED BY west.number;
