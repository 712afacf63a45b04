-- Drop attribute street of type address.
ALTER TYPE address DROP ATTRIBUTE street;

-- Change attribute city of type address to text.
ALTER TYPE address ALTER ATTRIBUTE city TYPE text;

-- Add attribute old to type address.
ALTER TYPE address ADD ATTRIBUTE old integer;
