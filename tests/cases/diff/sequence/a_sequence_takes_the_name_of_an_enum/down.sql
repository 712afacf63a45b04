-- Drop sequence thing.
-- Locks: ACCESS EXCLUSIVE on sequence thing (reads and writes wait), briefly.
-- Loses the sequence's current value.
DROP SEQUENCE thing;

-- Create enum thing.
CREATE TYPE thing AS ENUM ('x');
