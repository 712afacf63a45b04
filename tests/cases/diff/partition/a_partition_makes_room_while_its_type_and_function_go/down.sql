-- Take table parts_rest out of parts; it keeps its rows.
-- Locks: ACCESS EXCLUSIVE on parts, parts_rest (reads and writes wait), for a moment.
ALTER TABLE parts DETACH PARTITION parts_rest;

-- Let the bodies of routines name what is created after them.
SET check_function_bodies = off;

-- Create function next_number().
CREATE FUNCTION next_number()
 RETURNS integer
 LANGUAGE sql
AS $function$SELECT 1$function$;

-- Check the bodies of routines again.
RESET check_function_bodies;

-- Set the default of column parts.number; existing rows keep their values.
-- Locks: ACCESS EXCLUSIVE on parts (reads and writes wait), for a moment.
ALTER TABLE parts ALTER COLUMN number SET DEFAULT next_number();

-- Create table parts_20.
-- Locks: ACCESS EXCLUSIVE on parts (reads and writes wait), for a moment.
CREATE TABLE parts_20 PARTITION OF parts FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');

-- Drop table parts_rest.
-- Locks: ACCESS EXCLUSIVE on parts_rest (reads and writes wait), for a moment.
-- Loses every row of the table.
DROP TABLE parts_rest;

-- Add label 'happy' to enum mood.
-- Committed before the next statement.
ALTER TYPE mood ADD VALUE 'happy';
