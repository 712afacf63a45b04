-- Detach partition parts_rest from parts; rows are kept.
-- Locks: ACCESS EXCLUSIVE on parts, parts_rest (reads and writes wait), briefly.
ALTER TABLE parts DETACH PARTITION parts_rest;

-- Disable function body checks: bodies may refer to objects created below.
SET check_function_bodies = off;

-- Create function next_number().
CREATE FUNCTION next_number()
 RETURNS integer
 LANGUAGE sql
AS $function$SELECT 1$function$;

-- Enable function body checks.
RESET check_function_bodies;

-- Set the default of column parts.number; existing rows keep their values.
-- Locks: ACCESS EXCLUSIVE on parts (reads and writes wait), briefly.
ALTER TABLE parts ALTER COLUMN number SET DEFAULT next_number();

-- Create table parts_20.
-- Locks: ACCESS EXCLUSIVE on parts (reads and writes wait), briefly.
CREATE TABLE parts_20 PARTITION OF parts FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');

-- Drop table parts_rest.
-- Locks: ACCESS EXCLUSIVE on parts_rest (reads and writes wait), briefly.
-- Loses every row of the table.
DROP TABLE parts_rest;

-- Add label 'happy' to enum mood.
-- Committed before the next statement.
ALTER TYPE mood ADD VALUE 'happy';
