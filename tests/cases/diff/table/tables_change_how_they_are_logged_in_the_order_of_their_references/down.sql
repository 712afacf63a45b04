-- Change how sequence a_id_seq is logged.
-- Locks: ACCESS EXCLUSIVE on sequence a_id_seq (reads and writes wait), until the transaction ends, which takes long.
ALTER SEQUENCE a_id_seq SET LOGGED;

-- Change how table a is logged.
-- Locks: ACCESS EXCLUSIVE on a (reads and writes wait), until the transaction ends, which takes long.
-- Rewrites the table and its indexes.
ALTER TABLE a SET LOGGED;

-- Create table dropped.
-- Locks: SHARE ROW EXCLUSIVE on a (writes wait, reads go on), until the transaction ends, which takes long.
CREATE TABLE dropped (
    a_id integer NOT NULL,
    CONSTRAINT dropped_a_id_fkey FOREIGN KEY (a_id) REFERENCES a (id)
);

-- Change how table z is logged.
-- Locks: ACCESS EXCLUSIVE on z (reads and writes wait), for as long as it takes.
-- Rewrites the table and its indexes.
ALTER TABLE z SET LOGGED;
