-- Drop sequence thing.
-- Locks: ACCESS EXCLUSIVE on sequence thing (reads and writes wait), for a moment.
-- Loses where the sequence stands.
DROP SEQUENCE thing;

-- Create enum thing.
CREATE TYPE thing AS ENUM ('x');
