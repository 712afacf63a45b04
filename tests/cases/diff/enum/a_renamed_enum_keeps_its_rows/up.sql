-- Rename enum mood to feeling.
ALTER TYPE mood RENAME TO feeling;
