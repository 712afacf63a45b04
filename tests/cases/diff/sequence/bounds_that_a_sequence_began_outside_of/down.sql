-- Alter sequence s.
-- Locks: SHARE ROW EXCLUSIVE on sequence s (writes wait, reads continue), briefly.
ALTER SEQUENCE s AS integer START WITH 2147483647 CYCLE;
