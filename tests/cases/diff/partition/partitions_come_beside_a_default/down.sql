-- Take table apart out of p; it keeps its rows.
-- Locks: ACCESS EXCLUSIVE on apart, p, p_rest (reads and writes wait), for a moment.
ALTER TABLE p DETACH PARTITION apart;

-- Drop table p_two.
-- Locks: ACCESS EXCLUSIVE on p, p_rest, p_two (reads and writes wait), for a moment.
-- Loses every row of the table.
DROP TABLE p_two;
