-- Drop table documents.
-- Locks: ACCESS EXCLUSIVE on collections, documents (reads and writes wait), for a moment.
-- Loses every row of the table.
DROP TABLE documents;

-- Drop table collections.
-- Locks: ACCESS EXCLUSIVE on collections, users (reads and writes wait), for a moment.
-- Loses every row of the table.
DROP TABLE collections;

-- Drop table users.
-- Locks: ACCESS EXCLUSIVE on users (reads and writes wait), for a moment.
-- Loses every row of the table.
DROP TABLE users;

-- Drop enum document_status.
DROP TYPE document_status;

-- Drop extension vector.
-- Fails if something still uses the extension.
DROP EXTENSION vector;
