-- Set comment on schema app.
COMMENT ON SCHEMA app IS E'it''s "new"
with \\n and 	 tab';

-- Set comment on enum e.
COMMENT ON TYPE e IS E'it''s "new"
with \\n';

-- Remove comment from enum f.
COMMENT ON TYPE f IS NULL;

-- Set comment on sequence s.
COMMENT ON SEQUENCE s IS E'it''s "new"
with \\n';

-- Set comment on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), briefly.
COMMENT ON TABLE t IS E'it''s "new"
with \\n -- not a comment; ''nor an end''';

-- Set comment on column t.id.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), briefly.
COMMENT ON COLUMN t.id IS E'it''s "new"\r
with \\n 𝄞';

-- Remove comment from column t.x.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), briefly.
COMMENT ON COLUMN t.x IS NULL;

-- Remove comment from constraint c on t.
COMMENT ON CONSTRAINT c ON t IS NULL;

-- Set comment on constraint t_pkey on t.
COMMENT ON CONSTRAINT t_pkey ON t IS E'it''s "new"
with \\n';

-- Set comment on index i.
COMMENT ON INDEX i IS '$$it''s$$';
