-- Remove owner of sequence taken.
-- Locks: SHARE ROW EXCLUSIVE on sequence taken (writes wait, reads continue), briefly.
ALTER SEQUENCE taken OWNED BY NONE;

-- Set owner of sequence free to b.y.
-- Locks: SHARE ROW EXCLUSIVE on sequence free (writes wait, reads continue), briefly.
ALTER SEQUENCE free OWNED BY b.y;

-- Set owner of sequence moved to b.y.
-- Locks: SHARE ROW EXCLUSIVE on sequence moved (writes wait, reads continue), briefly.
ALTER SEQUENCE moved OWNED BY b.y;
