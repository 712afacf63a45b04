-- Revision: b
-- Revises: a
-- Message: author of a note
-- Variables: author=nobody

ALTER TABLE notes ADD author text DEFAULT :'author';
