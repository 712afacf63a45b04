-- Create table parts_high.
-- Locks: ACCESS EXCLUSIVE on parts (reads and writes wait); SHARE ROW EXCLUSIVE on z (writes wait, reads continue), briefly.
CREATE TABLE parts_high PARTITION OF parts FOR VALUES FROM (100) TO (200);
