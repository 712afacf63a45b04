-- Free sequence taken from its column.
-- Locks: SHARE ROW EXCLUSIVE on sequence taken (writes wait, reads go on), for a moment.
ALTER SEQUENCE taken OWNED BY NONE;

-- Tie sequence free to column b.y.
-- Locks: SHARE ROW EXCLUSIVE on sequence free (writes wait, reads go on), for a moment.
ALTER SEQUENCE free OWNED BY b.y;

-- Tie sequence moved to column b.y.
-- Locks: SHARE ROW EXCLUSIVE on sequence moved (writes wait, reads go on), for a moment.
ALTER SEQUENCE moved OWNED BY b.y;
