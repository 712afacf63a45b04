BEGIN;

-- Make column t.id an ordinary column.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ALTER COLUMN id DROP IDENTITY;

-- Make column t.id an identity column.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME counter);

COMMIT;

BEGIN;

-- Start identity t.id after the largest existing value.
-- Reads every row.
SELECT setval(pg_get_serial_sequence('t', 'id'), max(id)) FROM t HAVING max(id) > 0;

COMMIT;
