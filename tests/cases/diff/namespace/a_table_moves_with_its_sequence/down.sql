-- Move table archive.orders to schema public.
-- Locks: ACCESS EXCLUSIVE on archive.orders (reads and writes wait), for a moment.
ALTER TABLE archive.orders SET SCHEMA public;
