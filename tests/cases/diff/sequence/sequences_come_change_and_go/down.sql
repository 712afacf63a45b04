-- Create sequence gone.
CREATE SEQUENCE gone;

-- Set comment on sequence gone.
COMMENT ON SEQUENCE gone IS 'soon';

-- Advance sequence changed to its new MINVALUE 1 if it is lower.
-- Locks: ROW EXCLUSIVE on sequence changed (reads and writes continue), briefly.
SELECT setval('changed', 1, false) FROM changed WHERE last_value < 1;

-- Alter sequence changed.
-- Locks: SHARE ROW EXCLUSIVE on sequence changed (writes wait, reads continue), briefly.
-- Fails if the sequence's current value is outside of the new bounds.
ALTER SEQUENCE changed INCREMENT BY 1 MINVALUE 1 MAXVALUE 100 START WITH 5 CACHE 1 NO CYCLE;

-- Remove comment from sequence changed.
COMMENT ON SEQUENCE changed IS NULL;

-- Alter sequence down.
-- Locks: SHARE ROW EXCLUSIVE on sequence down (writes wait, reads continue), briefly.
-- Loses the sequence's current value: it restarts within the new bounds.
ALTER SEQUENCE down INCREMENT BY -1 MINVALUE -9223372036854775808 MAXVALUE -1 START WITH -1 RESTART;

-- Alter sequence kind.
-- Locks: SHARE ROW EXCLUSIVE on sequence kind (writes wait, reads continue), briefly.
-- Fails if the sequence's current value is outside of the new bounds.
ALTER SEQUENCE kind AS integer;

-- Change the persistence of sequence logged.
-- Locks: ACCESS EXCLUSIVE on sequence logged (reads and writes wait), briefly.
ALTER SEQUENCE logged SET LOGGED;

-- Drop sequence new.
-- Locks: ACCESS EXCLUSIVE on sequence new (reads and writes wait), briefly.
-- Loses the sequence's current value.
DROP SEQUENCE new;
