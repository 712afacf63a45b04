-- Rename composite type size to size_old.
ALTER TYPE size RENAME TO size_old;

-- Create composite type size.
CREATE TYPE size AS (
    width integer,
    unit text
);

-- Move column boxes.outer_size to the new size.
-- Locks: ACCESS EXCLUSIVE on boxes (reads and writes wait), for as long as it takes.
-- Rewrites the table and its indexes.
-- Fails if a value cannot become size.
ALTER TABLE boxes ALTER COLUMN outer_size TYPE size USING jsonb_populate_record(NULL::size, to_jsonb(outer_size));

-- Create composite type sizes_value.
CREATE TYPE sizes_value AS (
    value size[]
);

-- Move column boxes.sizes to the new size[].
-- Locks: ACCESS EXCLUSIVE on boxes (reads and writes wait), for as long as it takes.
-- Rewrites the table and its indexes.
-- Fails if a value cannot become size[].
ALTER TABLE boxes ALTER COLUMN sizes TYPE size[] USING (jsonb_populate_record(NULL::sizes_value, jsonb_build_object('value', to_jsonb(sizes)))).value;

-- Drop composite type sizes_value.
DROP TYPE sizes_value;

-- Drop composite type size_old.
DROP TYPE size_old;
