-- Create text search configuration documents.
CREATE TEXT SEARCH CONFIGURATION documents (PARSER = pg_catalog."default");

-- Run the further statements of text search configuration documents.
ALTER TEXT SEARCH CONFIGURATION documents ADD MAPPING FOR asciiword WITH simple;
