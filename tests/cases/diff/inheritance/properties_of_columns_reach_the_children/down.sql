-- Drop NOT NULL from animals.name.
-- Locks: ACCESS EXCLUSIVE on animals, birds (reads and writes wait), briefly.
ALTER TABLE animals ALTER COLUMN name DROP NOT NULL;

-- Drop the default of column animals.name.
-- Locks: ACCESS EXCLUSIVE on animals, birds (reads and writes wait), briefly.
ALTER TABLE animals ALTER COLUMN name DROP DEFAULT;

-- Change the storage of column animals.name for new rows.
-- Locks: ACCESS EXCLUSIVE on animals, birds (reads and writes wait), briefly.
ALTER TABLE animals ALTER COLUMN name SET STORAGE DEFAULT;

-- Change the compression of column animals.name for new values.
-- Locks: ACCESS EXCLUSIVE on animals (reads and writes wait), briefly.
ALTER TABLE animals ALTER COLUMN name SET COMPRESSION default;

-- Change the statistics target of column animals.name.
-- Locks: SHARE UPDATE EXCLUSIVE on animals, birds (reads and writes continue), briefly.
ALTER TABLE animals ALTER COLUMN name SET STATISTICS -1;

-- Set options of column animals.name.
-- Locks: SHARE UPDATE EXCLUSIVE on animals (reads and writes continue), briefly.
ALTER TABLE animals ALTER COLUMN name RESET (n_distinct);

-- Change the compression of column birds.name for new values.
-- Locks: ACCESS EXCLUSIVE on birds (reads and writes wait), briefly.
ALTER TABLE birds ALTER COLUMN name SET COMPRESSION default;

-- Drop NOT NULL from days.note.
-- Locks: ACCESS EXCLUSIVE on days, days_one (reads and writes wait), briefly.
ALTER TABLE days ALTER COLUMN note DROP NOT NULL;

-- Drop the default of column days.note.
-- Locks: ACCESS EXCLUSIVE on days, days_one (reads and writes wait), briefly.
ALTER TABLE days ALTER COLUMN note DROP DEFAULT;

-- Change the storage of column days.note for new rows.
-- Locks: ACCESS EXCLUSIVE on days, days_one (reads and writes wait), briefly.
ALTER TABLE days ALTER COLUMN note SET STORAGE DEFAULT;

-- Change the compression of column days.note for new values.
-- Locks: ACCESS EXCLUSIVE on days (reads and writes wait), briefly.
ALTER TABLE days ALTER COLUMN note SET COMPRESSION default;

-- Change the statistics target of column days.note.
-- Locks: SHARE UPDATE EXCLUSIVE on days, days_one (reads and writes continue), briefly.
ALTER TABLE days ALTER COLUMN note SET STATISTICS -1;

-- Change the compression of column days_one.note for new values.
-- Locks: ACCESS EXCLUSIVE on days_one (reads and writes wait), briefly.
ALTER TABLE days_one ALTER COLUMN note SET COMPRESSION default;
