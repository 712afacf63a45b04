-- Move table archive.orders to schema public.
-- Locks: ACCESS EXCLUSIVE on archive.orders (reads and writes wait), briefly.
ALTER TABLE archive.orders SET SCHEMA public;
