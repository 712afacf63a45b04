BEGIN;

-- Drop the default of domain amount.
ALTER DOMAIN amount DROP DEFAULT;

-- Drop check is_small of domain amount.
ALTER DOMAIN amount DROP CONSTRAINT is_small;

COMMIT;

BEGIN;

-- Add check is_positive to domain amount.
-- Locks: SHARE on orders (writes wait, reads continue), for the duration of the statement.
-- Reads every row.
-- Fails if an existing value violates the check.
ALTER DOMAIN amount ADD CONSTRAINT is_positive CHECK (VALUE > 0);

COMMIT;

BEGIN;

-- Set NOT NULL on domain amount.
-- Locks: SHARE on orders (writes wait, reads continue), for the duration of the statement.
-- Reads every row.
-- Fails if a column of the domain contains a NULL.
ALTER DOMAIN amount SET NOT NULL;

COMMIT;
