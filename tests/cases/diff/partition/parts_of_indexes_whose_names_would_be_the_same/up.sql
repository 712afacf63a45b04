BEGIN;

-- Create hash index x on table p.
-- Locks: SHARE on p, p1, p2 (writes wait, reads continue), for the duration of the statement.
-- Reads every row and builds an index.
CREATE INDEX x ON p USING hash (a);

COMMIT;

BEGIN;

-- Rename index p1_a_idx1 to p1_a_idx2.
-- Locks: SHARE UPDATE EXCLUSIVE on index p1_a_idx1 (reads and writes continue), briefly.
ALTER INDEX p1_a_idx1 RENAME TO p1_a_idx2;

COMMIT;

BEGIN;

-- Create index y on table p.
-- Locks: SHARE on p, p1, p2 (writes wait, reads continue), for the duration of the statement.
-- Reads every row and builds an index.
CREATE INDEX y ON p USING btree (a) WHERE a > 0;

COMMIT;

BEGIN;

-- Rename index p2_a_idx to p2_a_idx_old.
-- Locks: SHARE UPDATE EXCLUSIVE on index p2_a_idx (reads and writes continue), briefly.
ALTER INDEX p2_a_idx RENAME TO p2_a_idx_old;

-- Rename index p2_a_idx1 to p2_a_idx.
-- Locks: SHARE UPDATE EXCLUSIVE on index p2_a_idx1 (reads and writes continue), briefly.
ALTER INDEX p2_a_idx1 RENAME TO p2_a_idx;

-- Rename index mine to p2_a_idx1.
-- Locks: SHARE UPDATE EXCLUSIVE on index mine (reads and writes continue), briefly.
ALTER INDEX mine RENAME TO p2_a_idx1;

-- Rename index p2_a_idx_old to mine.
-- Locks: SHARE UPDATE EXCLUSIVE on index p2_a_idx_old (reads and writes continue), briefly.
ALTER INDEX p2_a_idx_old RENAME TO mine;

COMMIT;
