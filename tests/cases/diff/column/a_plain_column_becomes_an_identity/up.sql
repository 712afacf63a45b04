-- Make column t.id an identity column.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY;

-- Start identity t.id after the largest existing value.
SELECT setval(pg_get_serial_sequence('t', 'id'), max(id)) FROM t HAVING max(id) > 0;
