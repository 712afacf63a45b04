-- Create schema app.
CREATE SCHEMA app;

-- Set comment on schema app.
COMMENT ON SCHEMA app IS 'The app';

-- Create extension vector if it does not exist.
CREATE EXTENSION IF NOT EXISTS vector WITH SCHEMA public;

-- Create enum app.mood.
CREATE TYPE app.mood AS ENUM ('good', 'bad');

-- Create sequence app.a_id_seq.
CREATE SEQUENCE app.a_id_seq AS integer;

-- Create sequence app.free.
CREATE SEQUENCE app.free;

-- Create table app.a.
-- No locks on existing tables.
CREATE TABLE app.a (
    id integer DEFAULT nextval('app.a_id_seq'::regclass) NOT NULL,
    mood app.mood DEFAULT 'good'::app.mood NOT NULL,
    b_id bigint,
    v vector(3) NOT NULL,
    CONSTRAINT a_pkey PRIMARY KEY (id)
);

-- Set owner of sequence app.a_id_seq to app.a.id.
ALTER SEQUENCE app.a_id_seq OWNED BY app.a.id;

-- Create hnsw index a_v_idx on table app.a.
CREATE INDEX a_v_idx ON app.a USING hnsw (v vector_l2_ops);

-- Create table b.
-- No locks on existing tables.
CREATE TABLE b (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    a_id integer,
    CONSTRAINT b_pkey PRIMARY KEY (id)
);

-- Add constraint a_b_id_fkey to table app.a.
ALTER TABLE app.a ADD CONSTRAINT a_b_id_fkey FOREIGN KEY (b_id) REFERENCES b (id);

-- Add constraint b_a_id_fkey to table b.
ALTER TABLE b ADD CONSTRAINT b_a_id_fkey FOREIGN KEY (a_id) REFERENCES app.a (id);
