-- Change column t.name from character varying(20) to character varying(40).
-- Locks: ACCESS EXCLUSIVE on t, u (reads and writes wait), until the transaction ends, which takes long.
ALTER TABLE t ALTER COLUMN name TYPE character varying(40);

-- Change column t.note from character varying(20) to character varying(40).
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for as long as it takes.
-- Reads every row and rebuilds indexes t_lower_idx, t_part_idx.
ALTER TABLE t ALTER COLUMN note TYPE character varying(40);
