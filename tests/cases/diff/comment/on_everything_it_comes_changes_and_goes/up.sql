-- Describe schema app.
COMMENT ON SCHEMA app IS E'it''s "new"
with \\n and 	 tab';

-- Describe enum e.
COMMENT ON TYPE e IS E'it''s "new"
with \\n';

-- Take the comment off enum f.
COMMENT ON TYPE f IS NULL;

-- Describe sequence s.
COMMENT ON SEQUENCE s IS E'it''s "new"
with \\n';

-- Describe table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes go on), for a moment.
COMMENT ON TABLE t IS E'it''s "new"
with \\n -- not a comment; ''nor an end''';

-- Describe column t.id.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes go on), for a moment.
COMMENT ON COLUMN t.id IS E'it''s "new"\r
with \\n 𝄞';

-- Take the comment off column t.x.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes go on), for a moment.
COMMENT ON COLUMN t.x IS NULL;

-- Take the comment off constraint c on t.
COMMENT ON CONSTRAINT c ON t IS NULL;

-- Describe constraint t_pkey on t.
COMMENT ON CONSTRAINT t_pkey ON t IS E'it''s "new"
with \\n';

-- Describe index i.
COMMENT ON INDEX i IS '$$it''s$$';
