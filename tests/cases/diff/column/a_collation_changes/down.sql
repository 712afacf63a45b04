-- Change the collation of column t.code.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), until the transaction ends, which takes long.
ALTER TABLE t ALTER COLUMN code TYPE text COLLATE "C";

-- Change the collation of column t.name.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for as long as it takes.
-- Reads every row and rebuilds index t_name_idx.
ALTER TABLE t ALTER COLUMN name TYPE text;
