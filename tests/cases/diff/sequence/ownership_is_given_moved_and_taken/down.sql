-- Remove owner of sequence free.
-- Locks: SHARE ROW EXCLUSIVE on sequence free (writes wait, reads continue), briefly.
ALTER SEQUENCE free OWNED BY NONE;

-- Set owner of sequence moved to a.x.
-- Locks: SHARE ROW EXCLUSIVE on sequence moved (writes wait, reads continue), briefly.
ALTER SEQUENCE moved OWNED BY a.x;

-- Set owner of sequence taken to a.x.
-- Locks: SHARE ROW EXCLUSIVE on sequence taken (writes wait, reads continue), briefly.
ALTER SEQUENCE taken OWNED BY a.x;
