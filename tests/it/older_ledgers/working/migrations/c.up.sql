-- Revision: c
-- Revises: b
-- Message: index of authors

CREATE INDEX CONCURRENTLY notes_author_idx ON notes (author);
ANALYZE notes;
