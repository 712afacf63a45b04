-- Create table t.
-- No locks on existing tables.
CREATE TABLE t (
    id bigint NOT NULL,
    v vector(1536),
    h halfvec(3072),
    s sparsevec(100),
    b bit(64)
);

-- Create hnsw index "binary" on table t.
CREATE INDEX "binary" ON t USING hnsw (((binary_quantize(v))::bit(1536)) bit_hamming_ops);

-- Create hnsw index half on table t.
CREATE INDEX half ON t USING hnsw (((v)::halfvec(1536)) halfvec_cosine_ops);

-- Create hnsw index hnsw_cosine on table t.
CREATE INDEX hnsw_cosine ON t USING hnsw (v vector_cosine_ops) WITH (m = 16, ef_construction = 64);

-- Create hnsw index hnsw_hamming on table t.
CREATE INDEX hnsw_hamming ON t USING hnsw (b bit_hamming_ops);

-- Create hnsw index hnsw_ip on table t.
CREATE INDEX hnsw_ip ON t USING hnsw (h halfvec_ip_ops);

-- Create hnsw index hnsw_l1 on table t.
CREATE INDEX hnsw_l1 ON t USING hnsw (s sparsevec_l1_ops);

-- Create hnsw index hnsw_l2 on table t.
CREATE INDEX hnsw_l2 ON t USING hnsw (v vector_l2_ops);

-- Create ivfflat index ivf on table t.
CREATE INDEX ivf ON t USING ivfflat (v vector_cosine_ops) WITH (lists = 10) WHERE id > 0;

-- Create hnsw index ivfflat_jaccard on table t.
CREATE INDEX ivfflat_jaccard ON t USING hnsw (b bit_jaccard_ops);
