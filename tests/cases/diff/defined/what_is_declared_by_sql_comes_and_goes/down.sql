-- Drop rule keep on accounts.
-- Locks: ACCESS EXCLUSIVE on accounts (reads and writes wait), briefly.
DROP RULE keep ON accounts;

-- Drop trigger touch on accounts.
-- Locks: ACCESS EXCLUSIVE on accounts (reads and writes wait), briefly.
DROP TRIGGER touch ON accounts;

-- Drop policy own on accounts.
-- Locks: ACCESS EXCLUSIVE on accounts (reads and writes wait), briefly.
DROP POLICY own ON accounts;

-- Drop view rich.
-- Locks: ACCESS EXCLUSIVE on view rich (reads and writes wait), briefly.
DROP VIEW rich;

-- Drop materialized view initials.
-- Locks: ACCESS EXCLUSIVE on materialized view initials (reads and writes wait), briefly.
DROP MATERIALIZED VIEW initials;

-- Drop function half(integer).
DROP FUNCTION half(integer);

-- Drop function touch().
DROP FUNCTION touch();

-- Drop procedure forget(text).
DROP PROCEDURE forget(text);

-- Drop aggregate product(double precision).
DROP AGGREGATE product(double precision);

-- Drop operator "==="(text, text).
DROP OPERATOR === (text, text);

-- Drop statistics object accounts_statistics.
-- Locks: SHARE UPDATE EXCLUSIVE on accounts (reads and writes continue), briefly.
DROP STATISTICS accounts_statistics;

-- Drop publication all_users.
DROP PUBLICATION all_users;

-- Set row security of table accounts.
-- Locks: ACCESS EXCLUSIVE on accounts (reads and writes wait), briefly.
ALTER TABLE accounts DISABLE ROW LEVEL SECURITY;

-- Drop collation plain.
DROP COLLATION plain;

-- Drop text search configuration documents.
DROP TEXT SEARCH CONFIGURATION documents;
