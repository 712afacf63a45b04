-- Detach partition west from orders; rows are kept.
-- Locks: ACCESS EXCLUSIVE on west (reads and writes wait); SHARE UPDATE EXCLUSIVE on orders (reads and writes continue), briefly.
-- Runs outside a transaction.
ALTER TABLE orders DETACH PARTITION west CONCURRENTLY;

BEGIN;

-- Drop table west.
-- Locks: ACCESS EXCLUSIVE on west (reads and writes wait), briefly.
-- Loses every row of the table.
DROP TABLE west;

COMMIT;
