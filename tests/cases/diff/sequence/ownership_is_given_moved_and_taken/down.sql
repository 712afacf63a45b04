-- Free sequence free from its column.
-- Locks: SHARE ROW EXCLUSIVE on sequence free (writes wait, reads go on), for a moment.
ALTER SEQUENCE free OWNED BY NONE;

-- Tie sequence moved to column a.x.
-- Locks: SHARE ROW EXCLUSIVE on sequence moved (writes wait, reads go on), for a moment.
ALTER SEQUENCE moved OWNED BY a.x;

-- Tie sequence taken to column a.x.
-- Locks: SHARE ROW EXCLUSIVE on sequence taken (writes wait, reads go on), for a moment.
ALTER SEQUENCE taken OWNED BY a.x;
