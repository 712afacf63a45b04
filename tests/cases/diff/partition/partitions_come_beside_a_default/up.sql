-- Make table apart a partition of p.
-- Locks: ACCESS EXCLUSIVE on apart, p_rest (reads and writes wait); SHARE UPDATE EXCLUSIVE on p (reads and writes go on), until the transaction ends, which takes long.
-- Reads every row.
-- Fails if a row lies outside of the bound, or a row of p_rest belongs to the new partition.
ALTER TABLE p ATTACH PARTITION apart FOR VALUES FROM (20) TO (30);

-- Create table p_two.
-- Locks: ACCESS EXCLUSIVE on p, p_rest (reads and writes wait), for as long as it takes.
-- Reads every row.
-- Fails if a row of p_rest belongs to the new partition.
CREATE TABLE p_two PARTITION OF p FOR VALUES FROM (10) TO (20);
