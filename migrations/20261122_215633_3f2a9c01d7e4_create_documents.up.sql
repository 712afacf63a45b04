-- Revision: 3f2a9c01d7e4
-- Message: create documents
-- Created: 2026-11-22T21:56:33Z
-- Schema: sha256:51264f519982ef40812a321fb1ea60473d1db00bb5989fadc3b6e38ce1c0db9b
-- Proof: p2; pglite-oxide 0.5.1; leaves 748f97ca4a0c7b6d597eec7e39308520; loses nothing; reverting loses table collections, table documents, table users; measured c5d1a24dc53b9111ebcf49692ce2d9ac; seal 3b47391487f2f8d13f94e036f30efff8

-- Create extension vector if it does not exist.
CREATE EXTENSION IF NOT EXISTS vector WITH SCHEMA public;

-- Create enum document_status.
CREATE TYPE document_status AS ENUM ('draft', 'published', 'archived');

-- Create table users.
-- No locks on existing tables.
CREATE TABLE users (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    email text NOT NULL,
    name text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT users_pkey PRIMARY KEY (id),
    CONSTRAINT users_email_key UNIQUE (email),
    CONSTRAINT users_email_has_an_at CHECK (strpos(email, '@'::text) > 1)
);

-- Set comment on table users.
COMMENT ON TABLE users IS 'People who sign in';

-- Create table collections.
-- No locks on existing tables.
CREATE TABLE collections (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    owner_id bigint NOT NULL,
    title text NOT NULL,
    CONSTRAINT collections_pkey PRIMARY KEY (id),
    CONSTRAINT collections_owner_title_key UNIQUE (owner_id, title),
    CONSTRAINT collections_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES users (id) ON DELETE CASCADE
);

-- Set comment on table collections.
COMMENT ON TABLE collections IS 'Folders of documents, each belonging to one person';

-- Create table documents.
-- No locks on existing tables.
CREATE TABLE documents (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    collection_id bigint NOT NULL,
    content text NOT NULL,
    summary text,
    status document_status DEFAULT 'draft'::document_status NOT NULL,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    embedding vector(1536),
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT documents_pkey PRIMARY KEY (id),
    CONSTRAINT documents_content_not_empty CHECK (length(content) > 0),
    CONSTRAINT documents_collection_id_fkey FOREIGN KEY (collection_id) REFERENCES collections (id) ON DELETE CASCADE
);

-- Set comment on table documents.
COMMENT ON TABLE documents IS 'Chunks of text and their embeddings';

-- Create index documents_collection_idx on table documents.
CREATE INDEX documents_collection_idx ON documents USING btree (collection_id, created_at DESC) INCLUDE (status) WHERE status <> 'archived'::document_status;

-- Create hnsw index documents_embedding_idx on table documents.
CREATE INDEX documents_embedding_idx ON documents USING hnsw (embedding vector_cosine_ops) WITH (m = 16, ef_construction = 64);
