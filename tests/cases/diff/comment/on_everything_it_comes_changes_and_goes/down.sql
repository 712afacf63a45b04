-- Describe schema app.
COMMENT ON SCHEMA app IS 'old';

-- Describe enum e.
COMMENT ON TYPE e IS 'old';

-- Describe enum f.
COMMENT ON TYPE f IS 'gone';

-- Describe sequence s.
COMMENT ON SEQUENCE s IS 'old';

-- Describe table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes go on), for a moment.
COMMENT ON TABLE t IS 'old';

-- Describe column t.id.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes go on), for a moment.
COMMENT ON COLUMN t.id IS 'old';

-- Describe column t.x.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes go on), for a moment.
COMMENT ON COLUMN t.x IS 'gone';

-- Describe constraint c on t.
COMMENT ON CONSTRAINT c ON t IS 'gone';

-- Describe constraint t_pkey on t.
COMMENT ON CONSTRAINT t_pkey ON t IS 'old';

-- Describe index i.
COMMENT ON INDEX i IS 'old';
