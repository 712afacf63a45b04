-- Move table app.members to schema public.
-- Locks: ACCESS EXCLUSIVE on app.members (reads and writes wait), briefly.
ALTER TABLE app.members SET SCHEMA public;

-- Rename table members to users.
-- Locks: ACCESS EXCLUSIVE on members (reads and writes wait), briefly.
ALTER TABLE members RENAME TO users;

-- Drop schema app.
DROP SCHEMA app;
