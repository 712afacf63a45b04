-- Drop enum thing.
DROP TYPE thing;

-- Create sequence thing.
CREATE SEQUENCE thing;
