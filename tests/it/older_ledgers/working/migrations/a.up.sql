-- Revision: a
-- Message: notes
-- Created: 2026-11-22T08:00:00Z

-- Create table notes.
CREATE TABLE notes (id bigint PRIMARY KEY, note text);
INSERT INTO notes VALUES (1, 'a; b');
