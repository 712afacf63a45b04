-- Set storage parameters of index i_a.
-- Locks: SHARE UPDATE EXCLUSIVE on index i_a (reads and writes go on), for a moment.
ALTER INDEX i_a RESET (fillfactor, deduplicate_items);

-- Set storage parameters of index i_b.
-- Locks: SHARE UPDATE EXCLUSIVE on index i_b (reads and writes go on), for a moment.
ALTER INDEX i_b SET (fastupdate = false);

-- Describe index i_comment.
COMMENT ON INDEX i_comment IS 'old';

-- Mark index i_cluster for CLUSTER of table t; no row moves.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes go on), for a moment.
ALTER TABLE t CLUSTER ON i_cluster;
