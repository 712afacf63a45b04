BEGIN;

-- Drop NOT NULL from domain amount.
ALTER DOMAIN amount DROP NOT NULL;

-- Set the default of domain amount.
ALTER DOMAIN amount SET DEFAULT 1;

-- Drop check is_positive of domain amount.
ALTER DOMAIN amount DROP CONSTRAINT is_positive;

COMMIT;

BEGIN;

-- Add check is_small to domain amount.
-- Locks: SHARE on orders (writes wait, reads continue), for the duration of the statement.
-- Reads every row.
-- Fails if an existing value violates the check.
ALTER DOMAIN amount ADD CONSTRAINT is_small CHECK (VALUE < 1000);

COMMIT;
