-- Create schema app.
CREATE SCHEMA app;

-- Move table users to schema app.
-- Locks: ACCESS EXCLUSIVE on users (reads and writes wait), briefly.
ALTER TABLE users SET SCHEMA app;

-- Rename table app.users to members.
-- Locks: ACCESS EXCLUSIVE on app.users (reads and writes wait), briefly.
ALTER TABLE app.users RENAME TO members;
