BEGIN;

-- Drop check is_positive of domain amount.
ALTER DOMAIN amount DROP CONSTRAINT is_positive;

COMMIT;

BEGIN;

-- Add check is_above_zero to domain amount.
-- Locks: SHARE on orders (writes wait, reads continue), for the duration of the statement.
-- Reads every row.
-- Fails if an existing value violates the check.
ALTER DOMAIN amount ADD CONSTRAINT is_above_zero CHECK (VALUE > 0);

COMMIT;

BEGIN;

-- Set comment on check is_small of domain amount.
COMMENT ON CONSTRAINT is_small ON DOMAIN amount IS 'For now';

COMMIT;
