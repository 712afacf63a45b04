-- Move sequence app.counter to schema public.
-- Locks: ACCESS EXCLUSIVE on sequence app.counter (reads and writes wait), briefly.
ALTER SEQUENCE app.counter SET SCHEMA public;

-- Rename sequence counter to numbers.
-- Locks: ACCESS EXCLUSIVE on sequence counter (reads and writes wait), briefly.
ALTER SEQUENCE counter RENAME TO numbers;

-- Drop schema app.
DROP SCHEMA app;
