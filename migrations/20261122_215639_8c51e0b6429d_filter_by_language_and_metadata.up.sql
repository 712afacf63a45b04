-- Revision: 8c51e0b6429d
-- Revises: 3f2a9c01d7e4
-- Message: filter by language and metadata
-- Created: 2026-11-22T21:56:39Z
-- Schema: sha256:78b21bcf9cb8ddb904f4925d80075a4179172f3383bd2d029a9d0a93491e386a
-- Proof: p2; pglite-oxide 0.5.1; leaves 12e6cd11a7aa3b20018037812fb5479d; loses nothing; reverting loses column documents.language; measured 7a4f28067ec806a80b57eca614f68bde; seal 740ec150c15b7291d0f6db6db38b952f

-- Add column documents.language.
-- Locks: ACCESS EXCLUSIVE on documents (reads and writes wait), briefly.
ALTER TABLE documents ADD COLUMN language text DEFAULT 'en'::text NOT NULL;

-- Create gin index documents_metadata_idx on table documents.
-- Locks: SHARE UPDATE EXCLUSIVE on documents (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY documents_metadata_idx ON documents USING gin (metadata jsonb_path_ops);
