-- Drop text search configuration documents.
DROP TEXT SEARCH CONFIGURATION documents;
