-- Change sequence s.
-- Locks: SHARE ROW EXCLUSIVE on sequence s (writes wait, reads go on), briefly.
ALTER SEQUENCE s AS integer START WITH 2147483647 CYCLE;
