-- Create unique index a_code_idx on table a.
-- Locks: SHARE UPDATE EXCLUSIVE on a (reads and writes go on), for as long as it takes.
-- Reads every row and builds an index.
-- Fails if two rows have the same key.
-- Runs outside a transaction.
CREATE UNIQUE INDEX CONCURRENTLY a_code_idx ON a USING btree (code);

-- Add constraint b_a_code_fkey to table b.
-- Locks: SHARE ROW EXCLUSIVE on a, b (writes wait, reads go on), for as long as it takes.
-- Reads every row.
-- Fails if a row references nothing.
ALTER TABLE b ADD CONSTRAINT b_a_code_fkey FOREIGN KEY (a_code) REFERENCES a (code);
