-- Drop constraint places_region_fkey of table places.
-- Locks: ACCESS EXCLUSIVE on places, regions (reads and writes wait), briefly.
ALTER TABLE places DROP CONSTRAINT places_region_fkey;

-- Drop constraint regions_code_key of table regions.
-- Locks: ACCESS EXCLUSIVE on regions (reads and writes wait), briefly.
ALTER TABLE regions DROP CONSTRAINT regions_code_key;

-- Drop column places.part.
-- Locks: ACCESS EXCLUSIVE on places (reads and writes wait), briefly.
-- Loses the values of the column.
ALTER TABLE places DROP COLUMN part;

-- Drop column places.region.
-- Locks: ACCESS EXCLUSIVE on places (reads and writes wait), briefly.
-- Loses the values of the column.
ALTER TABLE places DROP COLUMN region;

-- Drop column regions.code.
-- Locks: ACCESS EXCLUSIVE on regions (reads and writes wait), briefly.
-- Loses the values of the column.
ALTER TABLE regions DROP COLUMN code;

-- Drop column regions.part.
-- Locks: ACCESS EXCLUSIVE on regions (reads and writes wait), briefly.
-- Loses the values of the column.
ALTER TABLE regions DROP COLUMN part;
