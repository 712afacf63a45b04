BEGIN;

-- Add column a.x.
-- Locks: ACCESS EXCLUSIVE on a (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE a ADD COLUMN x bigint DEFAULT nextval('counter'::regclass) NOT NULL;

COMMIT;

BEGIN;

-- Set owner of sequence counter to a.x.
-- Locks: SHARE ROW EXCLUSIVE on sequence counter (writes wait, reads continue), briefly.
ALTER SEQUENCE counter OWNED BY a.x;

COMMIT;
