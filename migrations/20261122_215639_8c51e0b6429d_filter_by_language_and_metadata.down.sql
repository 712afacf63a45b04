-- Drop index documents_metadata_idx of table documents.
-- Locks: SHARE UPDATE EXCLUSIVE on documents (reads and writes continue), briefly.
-- Runs outside a transaction.
DROP INDEX CONCURRENTLY documents_metadata_idx;

-- Drop column documents.language.
-- Locks: ACCESS EXCLUSIVE on documents (reads and writes wait), briefly.
-- Loses the values of the column.
ALTER TABLE documents DROP COLUMN language;
