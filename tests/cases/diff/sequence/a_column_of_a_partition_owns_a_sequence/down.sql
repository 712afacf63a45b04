-- Drop table west.
-- Locks: ACCESS EXCLUSIVE on orders, west (reads and writes wait), briefly.
-- Loses every row of the table.
DROP TABLE west;
