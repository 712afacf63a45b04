-- Rename label 'bad' of enum mood to 'awful', in existing rows, too.
ALTER TYPE mood RENAME VALUE 'bad' TO 'awful';

-- Add label 'worst' to enum mood.
-- Committed before the next statement.
ALTER TYPE mood ADD VALUE 'worst';
