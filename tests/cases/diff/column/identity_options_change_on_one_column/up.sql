-- Advance sequence t_id_seq to its new MINVALUE 5 if it is lower.
SELECT setval('t_id_seq', 5, false) FROM t_id_seq WHERE last_value < 5;

-- Change the identity of column t.id.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
-- Fails if the sequence's current value is outside of the new bounds.
ALTER TABLE t ALTER COLUMN id SET GENERATED ALWAYS SET INCREMENT BY 1 SET MINVALUE 5 SET MAXVALUE 200 SET START WITH 100 SET CACHE 1 SET CYCLE;
