BEGIN;

-- Drop check is_above_zero of domain amount.
ALTER DOMAIN amount DROP CONSTRAINT is_above_zero;

COMMIT;

BEGIN;

-- Add check is_positive to domain amount.
-- Locks: SHARE on orders (writes wait, reads go on), for as long as it takes.
-- Reads every row.
-- Fails if a stored value breaks the check.
ALTER DOMAIN amount ADD CONSTRAINT is_positive CHECK (VALUE > 0);

COMMIT;

BEGIN;

-- Set comment on check is_small of domain amount.
COMMENT ON CONSTRAINT is_small ON DOMAIN amount IS NULL;

COMMIT;
