BEGIN;

-- Add column places.region.
-- Locks: ACCESS EXCLUSIVE on places (reads and writes wait), briefly.
ALTER TABLE places ADD COLUMN region text;

-- Add column places.part.
-- Locks: ACCESS EXCLUSIVE on places (reads and writes wait), briefly.
ALTER TABLE places ADD COLUMN part text;

-- Add column regions.code.
-- Locks: ACCESS EXCLUSIVE on regions (reads and writes wait), briefly.
ALTER TABLE regions ADD COLUMN code text;

-- Add column regions.part.
-- Locks: ACCESS EXCLUSIVE on regions (reads and writes wait), briefly.
ALTER TABLE regions ADD COLUMN part text;

COMMIT;

-- Create unique index regions_code_key on table regions.
-- Locks: SHARE UPDATE EXCLUSIVE on regions (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Fails if two rows have the same key.
-- Runs outside a transaction.
CREATE UNIQUE INDEX CONCURRENTLY regions_code_key ON regions USING btree (code, part);

BEGIN;

-- Add constraint regions_code_key to table regions with index regions_code_key.
-- Locks: ACCESS EXCLUSIVE on regions (reads and writes wait), briefly.
ALTER TABLE regions ADD CONSTRAINT regions_code_key UNIQUE USING INDEX regions_code_key;

-- Set comment on constraint regions_code_key on regions.
COMMENT ON CONSTRAINT regions_code_key ON regions IS 'what places name';

-- Add constraint places_region_fkey to table places, NOT VALID: new and updated rows are checked, existing rows not yet.
-- Locks: SHARE ROW EXCLUSIVE on places, regions (writes wait, reads continue), briefly.
ALTER TABLE places ADD CONSTRAINT places_region_fkey FOREIGN KEY (region, part) REFERENCES regions (code, part) NOT VALID;

COMMIT;

BEGIN;

-- Validate constraint places_region_fkey of table places.
-- Locks: SHARE UPDATE EXCLUSIVE on places (reads and writes continue), for the duration of the statement.
-- Reads every row.
-- Fails if a row has no matching key in regions.
ALTER TABLE places VALIDATE CONSTRAINT places_region_fkey;

COMMIT;
