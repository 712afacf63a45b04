-- Drop table documents.
-- Locks: ACCESS EXCLUSIVE on collections, documents (reads and writes wait), briefly.
-- Loses every row of the table.
DROP TABLE documents;

-- Drop table collections.
-- Locks: ACCESS EXCLUSIVE on collections, users (reads and writes wait), briefly.
-- Loses every row of the table.
DROP TABLE collections;

-- Drop table users.
-- Locks: ACCESS EXCLUSIVE on users (reads and writes wait), briefly.
-- Loses every row of the table.
DROP TABLE users;

-- Drop enum document_status.
DROP TYPE document_status;

-- Drop extension vector if the current role owns it.
-- Fails if an object still depends on the extension.
DROP EXTENSION vector;
