-- Move table orders to schema archive.
-- Locks: ACCESS EXCLUSIVE on orders (reads and writes wait), briefly.
ALTER TABLE orders SET SCHEMA archive;
