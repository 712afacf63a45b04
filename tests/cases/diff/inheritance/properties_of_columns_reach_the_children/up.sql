BEGIN;

-- Add constraint animals_name_not_null_check to table animals, NOT VALID: new and updated rows are checked, existing rows not yet.
-- Locks: ACCESS EXCLUSIVE on animals, birds (reads and writes wait), briefly.
ALTER TABLE animals ADD CONSTRAINT animals_name_not_null_check CHECK (name IS NOT NULL) NOT VALID;

-- Add constraint days_note_not_null_check to table days, NOT VALID: new and updated rows are checked, existing rows not yet.
-- Locks: ACCESS EXCLUSIVE on days, days_one (reads and writes wait), briefly.
ALTER TABLE days ADD CONSTRAINT days_note_not_null_check CHECK (note IS NOT NULL) NOT VALID;

COMMIT;

BEGIN;

-- Validate constraint animals_name_not_null_check of table animals.
-- Locks: SHARE UPDATE EXCLUSIVE on animals, birds (reads and writes continue), for the duration of the statement.
-- Reads every row.
-- Fails if a row violates the check.
ALTER TABLE animals VALIDATE CONSTRAINT animals_name_not_null_check;

COMMIT;

BEGIN;

-- Validate constraint days_note_not_null_check of table days.
-- Locks: SHARE UPDATE EXCLUSIVE on days, days_one (reads and writes continue), for the duration of the statement.
-- Reads every row.
-- Fails if a row violates the check.
ALTER TABLE days VALIDATE CONSTRAINT days_note_not_null_check;

COMMIT;

BEGIN;

-- Set NOT NULL on animals.name.
-- Locks: ACCESS EXCLUSIVE on animals, birds (reads and writes wait), briefly.
ALTER TABLE animals ALTER COLUMN name SET NOT NULL;

-- Drop constraint animals_name_not_null_check of table animals.
-- Locks: ACCESS EXCLUSIVE on animals, birds (reads and writes wait), briefly.
ALTER TABLE animals DROP CONSTRAINT animals_name_not_null_check;

-- Set the default of column animals.name; existing rows keep their values.
-- Locks: ACCESS EXCLUSIVE on animals, birds (reads and writes wait), briefly.
ALTER TABLE animals ALTER COLUMN name SET DEFAULT 'x'::text;

-- Change the storage of column animals.name for new rows.
-- Locks: ACCESS EXCLUSIVE on animals, birds (reads and writes wait), briefly.
ALTER TABLE animals ALTER COLUMN name SET STORAGE EXTERNAL;

-- Change the compression of column animals.name for new values.
-- Locks: ACCESS EXCLUSIVE on animals (reads and writes wait), briefly.
ALTER TABLE animals ALTER COLUMN name SET COMPRESSION pglz;

-- Change the statistics target of column animals.name.
-- Locks: SHARE UPDATE EXCLUSIVE on animals, birds (reads and writes continue), briefly.
ALTER TABLE animals ALTER COLUMN name SET STATISTICS 200;

-- Set options of column animals.name.
-- Locks: SHARE UPDATE EXCLUSIVE on animals (reads and writes continue), briefly.
ALTER TABLE animals ALTER COLUMN name SET (n_distinct = 7);

-- Change the compression of column birds.name for new values.
-- Locks: ACCESS EXCLUSIVE on birds (reads and writes wait), briefly.
ALTER TABLE birds ALTER COLUMN name SET COMPRESSION pglz;

-- Change the statistics target of column birds.name.
-- Locks: SHARE UPDATE EXCLUSIVE on birds (reads and writes continue), briefly.
ALTER TABLE birds ALTER COLUMN name SET STATISTICS -1;

-- Set NOT NULL on days.note.
-- Locks: ACCESS EXCLUSIVE on days, days_one (reads and writes wait), briefly.
ALTER TABLE days ALTER COLUMN note SET NOT NULL;

-- Drop constraint days_note_not_null_check of table days.
-- Locks: ACCESS EXCLUSIVE on days, days_one (reads and writes wait), briefly.
ALTER TABLE days DROP CONSTRAINT days_note_not_null_check;

-- Set the default of column days.note; existing rows keep their values.
-- Locks: ACCESS EXCLUSIVE on days, days_one (reads and writes wait), briefly.
ALTER TABLE days ALTER COLUMN note SET DEFAULT 'x'::text;

-- Change the storage of column days.note for new rows.
-- Locks: ACCESS EXCLUSIVE on days, days_one (reads and writes wait), briefly.
ALTER TABLE days ALTER COLUMN note SET STORAGE EXTERNAL;

-- Change the compression of column days.note for new values.
-- Locks: ACCESS EXCLUSIVE on days (reads and writes wait), briefly.
ALTER TABLE days ALTER COLUMN note SET COMPRESSION pglz;

-- Change the statistics target of column days.note.
-- Locks: SHARE UPDATE EXCLUSIVE on days, days_one (reads and writes continue), briefly.
ALTER TABLE days ALTER COLUMN note SET STATISTICS 200;

-- Change the compression of column days_one.note for new values.
-- Locks: ACCESS EXCLUSIVE on days_one (reads and writes wait), briefly.
ALTER TABLE days_one ALTER COLUMN note SET COMPRESSION pglz;

-- Change the statistics target of column days_one.note.
-- Locks: SHARE UPDATE EXCLUSIVE on days_one (reads and writes continue), briefly.
ALTER TABLE days_one ALTER COLUMN note SET STATISTICS -1;

COMMIT;
