-- Detach partition apart from p; rows are kept.
-- Locks: ACCESS EXCLUSIVE on apart, p, p_rest (reads and writes wait), briefly.
ALTER TABLE p DETACH PARTITION apart;

-- Drop table p_two.
-- Locks: ACCESS EXCLUSIVE on p, p_rest, p_two (reads and writes wait), briefly.
-- Loses every row of the table.
DROP TABLE p_two;
