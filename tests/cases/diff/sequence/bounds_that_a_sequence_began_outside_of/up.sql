-- Change sequence s.
-- Locks: SHARE ROW EXCLUSIVE on sequence s (writes wait, reads go on), briefly.
-- Loses where the sequence stands: it begins anew within its new bounds.
ALTER SEQUENCE s AS smallint START WITH 1 NO CYCLE RESTART;
