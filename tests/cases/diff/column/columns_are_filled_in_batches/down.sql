-- Drop constraint items_chance_check of table items.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
ALTER TABLE items DROP CONSTRAINT items_chance_check;

-- Drop constraint items_token_key of table items.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
ALTER TABLE items DROP CONSTRAINT items_token_key;

-- Drop column items.chance.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
-- Loses the values of the column.
ALTER TABLE items DROP COLUMN chance;

-- Drop column items.number.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
-- Loses the values of the column.
ALTER TABLE items DROP COLUMN number;

-- Drop column items.serial.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
-- Loses the values of the column.
ALTER TABLE items DROP COLUMN serial;

-- Drop column items.since.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
-- Loses the values of the column.
ALTER TABLE items DROP COLUMN since;

-- Drop column items.token.
-- Locks: ACCESS EXCLUSIVE on items (reads and writes wait), briefly.
-- Loses the values of the column.
ALTER TABLE items DROP COLUMN token;
