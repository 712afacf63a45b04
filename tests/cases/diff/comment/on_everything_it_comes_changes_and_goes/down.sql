-- Set comment on schema app.
COMMENT ON SCHEMA app IS 'old';

-- Set comment on enum e.
COMMENT ON TYPE e IS 'old';

-- Set comment on enum f.
COMMENT ON TYPE f IS 'gone';

-- Set comment on sequence s.
COMMENT ON SEQUENCE s IS 'old';

-- Set comment on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), briefly.
COMMENT ON TABLE t IS 'old';

-- Set comment on column t.id.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), briefly.
COMMENT ON COLUMN t.id IS 'old';

-- Set comment on column t.x.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), briefly.
COMMENT ON COLUMN t.x IS 'gone';

-- Set comment on constraint c on t.
COMMENT ON CONSTRAINT c ON t IS 'gone';

-- Set comment on constraint t_pkey on t.
COMMENT ON CONSTRAINT t_pkey ON t IS 'old';

-- Set comment on index i.
COMMENT ON INDEX i IS 'old';
