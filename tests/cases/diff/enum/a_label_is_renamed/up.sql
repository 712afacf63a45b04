-- Rename label 'bad' of enum mood to 'awful'; rows keep it.
ALTER TYPE mood RENAME VALUE 'bad' TO 'awful';

-- Add label 'worst' to enum mood.
-- Committed before the next statement.
ALTER TYPE mood ADD VALUE 'worst';
