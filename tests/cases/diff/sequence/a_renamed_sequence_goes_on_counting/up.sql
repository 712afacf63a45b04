-- Create schema app.
CREATE SCHEMA app;

-- Move sequence numbers to schema app.
-- Locks: ACCESS EXCLUSIVE on sequence numbers (reads and writes wait), briefly.
ALTER SEQUENCE numbers SET SCHEMA app;

-- Rename sequence app.numbers to counter.
-- Locks: ACCESS EXCLUSIVE on sequence app.numbers (reads and writes wait), briefly.
ALTER SEQUENCE app.numbers RENAME TO counter;
