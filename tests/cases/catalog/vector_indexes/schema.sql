CREATE EXTENSION vector;
CREATE TABLE t (a vector(3), b halfvec(3), c sparsevec(3), d bit(3), e vector);
CREATE INDEX cosine ON t USING hnsw (a vector_cosine_ops) WITH (m = 24, ef_construction = 128);
CREATE INDEX lists ON t USING ivfflat (a) WITH (lists = 10);
CREATE INDEX inner_product ON t USING ivfflat (a vector_ip_ops);
CREATE INDEX halves ON t USING hnsw ((a::halfvec(3)) halfvec_l2_ops) WHERE a IS NOT NULL;
CREATE INDEX bits ON t USING hnsw ((binary_quantize(b)::bit(3)) bit_hamming_ops);
CREATE INDEX sorted ON t (a);
