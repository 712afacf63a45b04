-- Drop table nothing.
-- Locks: ACCESS EXCLUSIVE on nothing (reads and writes wait), briefly.
-- Loses every row of the table.
DROP TABLE nothing;
