CREATE SCHEMA extensions;
CREATE EXTENSION vector SCHEMA extensions;
CREATE TABLE items (
    embedding extensions.vector(3),
    several extensions.halfvec(3)[],
    plain int
);
CREATE INDEX items_hnsw ON items USING hnsw (embedding extensions.vector_cosine_ops);
CREATE INDEX items_half ON items
    USING hnsw ((embedding::extensions.halfvec(3)) extensions.halfvec_l2_ops);
