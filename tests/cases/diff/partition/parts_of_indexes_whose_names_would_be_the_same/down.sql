-- Drop index x of table p.
-- Locks: ACCESS EXCLUSIVE on p, p1, p2 (reads and writes wait), briefly.
DROP INDEX x;

-- Drop index y of table p.
-- Locks: ACCESS EXCLUSIVE on p, p1, p2 (reads and writes wait), briefly.
DROP INDEX y;

-- Rename index p2_a_idx1 to mine.
-- Locks: SHARE UPDATE EXCLUSIVE on index p2_a_idx1 (reads and writes continue), briefly.
ALTER INDEX p2_a_idx1 RENAME TO mine;
