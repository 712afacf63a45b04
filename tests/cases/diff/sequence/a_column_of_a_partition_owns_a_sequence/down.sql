-- Drop table west.
-- Locks: ACCESS EXCLUSIVE on orders, west (reads and writes wait), for a moment.
-- Loses every row of the table.
DROP TABLE west;
