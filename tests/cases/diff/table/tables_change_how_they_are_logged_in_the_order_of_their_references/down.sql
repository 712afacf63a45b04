BEGIN;

-- Change the persistence of sequence a_id_seq.
-- Locks: ACCESS EXCLUSIVE on sequence a_id_seq (reads and writes wait), briefly.
ALTER SEQUENCE a_id_seq SET LOGGED;

COMMIT;

BEGIN;

-- Change the persistence of table a.
-- Locks: ACCESS EXCLUSIVE on a (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE a SET LOGGED;

COMMIT;

BEGIN;

-- Create table dropped.
-- Locks: SHARE ROW EXCLUSIVE on a (writes wait, reads continue), briefly.
CREATE TABLE dropped (
    a_id integer NOT NULL,
    CONSTRAINT dropped_a_id_fkey FOREIGN KEY (a_id) REFERENCES a (id)
);

COMMIT;

BEGIN;

-- Change the persistence of table z.
-- Locks: ACCESS EXCLUSIVE on z (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE z SET LOGGED;

COMMIT;
