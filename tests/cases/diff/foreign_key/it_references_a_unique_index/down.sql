BEGIN;

-- Drop constraint b_a_code_fkey of table b.
-- Locks: ACCESS EXCLUSIVE on a, b (reads and writes wait), briefly.
ALTER TABLE b DROP CONSTRAINT b_a_code_fkey;

COMMIT;

-- Drop index a_code_idx of table a.
-- Locks: SHARE UPDATE EXCLUSIVE on a (reads and writes continue), briefly.
-- Runs outside a transaction.
DROP INDEX CONCURRENTLY a_code_idx;
