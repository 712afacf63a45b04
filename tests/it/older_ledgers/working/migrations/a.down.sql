-- Drop table notes.
DROP TABLE notes;
