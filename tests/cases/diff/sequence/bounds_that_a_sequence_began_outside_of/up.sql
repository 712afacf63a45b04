-- Alter sequence s.
-- Locks: SHARE ROW EXCLUSIVE on sequence s (writes wait, reads continue), briefly.
-- Loses the sequence's current value: it restarts within the new bounds.
ALTER SEQUENCE s AS smallint START WITH 1 NO CYCLE RESTART;
