BEGIN;

-- Detach partition parts_high from parts; rows are kept.
-- Locks: ACCESS EXCLUSIVE on parts, parts_high, z (reads and writes wait), for the duration of the statement.
-- Reads every row.
-- Fails if a row of the partition is referenced.
ALTER TABLE parts DETACH PARTITION parts_high;

COMMIT;

BEGIN;

-- Drop table parts_high.
-- Locks: ACCESS EXCLUSIVE on parts_high (reads and writes wait), briefly.
-- Loses every row of the table.
DROP TABLE parts_high;

COMMIT;
