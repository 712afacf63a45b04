-- Drop constraint c_owner_fkey of table c.
-- Locks: ACCESS EXCLUSIVE on b, c (reads and writes wait), until the transaction ends, which takes long.
ALTER TABLE c DROP CONSTRAINT c_owner_fkey;

-- Create table a.
-- Locks nothing that is in use.
CREATE TABLE a (
    id bigint NOT NULL,
    CONSTRAINT a_pkey PRIMARY KEY (id)
);

-- Add constraint c_owner_fkey to table c.
-- Locks: SHARE ROW EXCLUSIVE on c (writes wait, reads go on), for as long as it takes.
-- Reads every row.
-- Fails if a row references nothing.
ALTER TABLE c ADD CONSTRAINT c_owner_fkey FOREIGN KEY (owner) REFERENCES a (id);

-- Drop table b.
-- Locks: ACCESS EXCLUSIVE on b (reads and writes wait), for a moment.
-- Loses every row of the table.
DROP TABLE b;
