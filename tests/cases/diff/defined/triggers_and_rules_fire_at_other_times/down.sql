-- Drop policy own on accounts.
-- Locks: ACCESS EXCLUSIVE on accounts (reads and writes wait), briefly.
DROP POLICY own ON accounts;

-- Create policy own on accounts.
-- Locks: ACCESS EXCLUSIVE on accounts (reads and writes wait), briefly.
CREATE POLICY own ON accounts
    USING ((owner = CURRENT_USER));

-- Enable rule keep on accounts.
-- Locks: ACCESS EXCLUSIVE on accounts (reads and writes wait), briefly.
ALTER TABLE accounts ENABLE RULE keep;

-- Enable trigger touch on accounts.
-- Locks: SHARE ROW EXCLUSIVE on accounts (writes wait, reads continue), briefly.
ALTER TABLE accounts ENABLE TRIGGER touch;
