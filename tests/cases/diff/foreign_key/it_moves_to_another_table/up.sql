-- Drop constraint c_owner_fkey of table c.
-- Locks: ACCESS EXCLUSIVE on a, c (reads and writes wait), until the transaction ends, which takes long.
ALTER TABLE c DROP CONSTRAINT c_owner_fkey;

-- Create table b.
-- Locks nothing that is in use.
CREATE TABLE b (
    id bigint NOT NULL,
    CONSTRAINT b_pkey PRIMARY KEY (id)
);

-- Add constraint c_owner_fkey to table c.
-- Locks: SHARE ROW EXCLUSIVE on c (writes wait, reads go on), for as long as it takes.
-- Reads every row.
-- Fails if a row references nothing.
ALTER TABLE c ADD CONSTRAINT c_owner_fkey FOREIGN KEY (owner) REFERENCES b (id);

-- Drop table a.
-- Locks: ACCESS EXCLUSIVE on a (reads and writes wait), for a moment.
-- Loses every row of the table.
DROP TABLE a;
