-- Drop attribute old of type address.
ALTER TYPE address DROP ATTRIBUTE old;

-- Change attribute city of type address to character varying(40).
ALTER TYPE address ALTER ATTRIBUTE city TYPE character varying(40);

-- Add attribute street to type address.
ALTER TYPE address ADD ATTRIBUTE street text;
