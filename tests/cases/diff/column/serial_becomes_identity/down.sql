-- Drop identity of column t.id.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ALTER COLUMN id DROP IDENTITY;

-- Create sequence t_id_seq.
CREATE SEQUENCE t_id_seq AS integer;

-- Set owner of sequence t_id_seq to t.id.
ALTER SEQUENCE t_id_seq OWNED BY t.id;

-- Set the default of column t.id; existing rows keep their values.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ALTER COLUMN id SET DEFAULT nextval('t_id_seq'::regclass);
