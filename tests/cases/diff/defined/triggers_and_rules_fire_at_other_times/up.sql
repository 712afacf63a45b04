-- Drop policy own on accounts.
-- Locks: ACCESS EXCLUSIVE on accounts (reads and writes wait), briefly.
DROP POLICY own ON accounts;

-- Create policy own on accounts.
-- Locks: ACCESS EXCLUSIVE on accounts (reads and writes wait), briefly.
CREATE POLICY own ON accounts
    USING ((owner <> 'x'::text));

-- Disable rule keep on accounts.
-- Locks: ACCESS EXCLUSIVE on accounts (reads and writes wait), briefly.
ALTER TABLE accounts DISABLE RULE keep;

-- Enable trigger touch on accounts for replicated changes too.
-- Locks: SHARE ROW EXCLUSIVE on accounts (writes wait, reads continue), briefly.
ALTER TABLE accounts ENABLE ALWAYS TRIGGER touch;
