-- Create sequence new.
CREATE SEQUENCE new AS smallint INCREMENT BY 5 START WITH 10 CACHE 3 CYCLE;

-- Set comment on sequence new.
COMMENT ON SEQUENCE new IS 'fresh';

-- Alter sequence changed.
-- Locks: SHARE ROW EXCLUSIVE on sequence changed (writes wait, reads continue), briefly.
ALTER SEQUENCE changed INCREMENT BY 2 MINVALUE -5 MAXVALUE 200 START WITH 7 CACHE 10 CYCLE;

-- Set comment on sequence changed.
COMMENT ON SEQUENCE changed IS 'it''s new';

-- Alter sequence down.
-- Locks: SHARE ROW EXCLUSIVE on sequence down (writes wait, reads continue), briefly.
-- Loses the sequence's current value: it restarts within the new bounds.
ALTER SEQUENCE down INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 RESTART;

-- Alter sequence kind.
-- Locks: SHARE ROW EXCLUSIVE on sequence kind (writes wait, reads continue), briefly.
ALTER SEQUENCE kind AS bigint;

-- Change the persistence of sequence logged.
-- Locks: ACCESS EXCLUSIVE on sequence logged (reads and writes wait), briefly.
ALTER SEQUENCE logged SET UNLOGGED;

-- Drop sequence gone.
-- Locks: ACCESS EXCLUSIVE on sequence gone (reads and writes wait), briefly.
-- Loses the sequence's current value.
DROP SEQUENCE gone;
