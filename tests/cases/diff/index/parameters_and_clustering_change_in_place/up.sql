-- Set storage parameters of index i_a.
-- Locks: SHARE UPDATE EXCLUSIVE on index i_a (reads and writes continue), briefly.
ALTER INDEX i_a SET (fillfactor = 70, deduplicate_items = false);

-- Set storage parameters of index i_b.
-- Locks: SHARE UPDATE EXCLUSIVE on index i_b (reads and writes continue), briefly.
ALTER INDEX i_b RESET (fastupdate);

-- Set comment on index i_comment.
COMMENT ON INDEX i_comment IS E'it''s "new"
and \\longer';

-- Set the CLUSTER index of table t to i_a; rows are not reordered.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), briefly.
ALTER TABLE t CLUSTER ON i_a;
