-- Rename enum feeling to mood.
ALTER TYPE feeling RENAME TO mood;
