-- Drop table one.
-- Locks: ACCESS EXCLUSIVE on one (reads and writes wait), for a moment.
-- Loses every row of the table.
DROP TABLE one;

-- Drop table two.
-- Locks: ACCESS EXCLUSIVE on two (reads and writes wait), for a moment.
-- Loses every row of the table.
DROP TABLE two;
