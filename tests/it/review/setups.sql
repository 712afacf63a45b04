-- What is there before each form of forms.tsv runs. A section begins with the names of its forms, and the name of
-- its base, which stands first. A form without a section has the base `plain`.
-- base: plain
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE DOMAIN posd AS int CHECK (value > 0);
CREATE TABLE r (id bigint PRIMARY KEY, x int);
INSERT INTO r SELECT it, it FROM generate_series(1, 200) it;
CREATE TABLE nopk (id bigint, x int);
INSERT INTO nopk SELECT it, it FROM generate_series(1, 200) it;
CREATE TABLE t (
    id bigint PRIMARY KEY, a int, b int NOT NULL, c varchar(20), txt text, ch char(10), i8 bigint,
    n numeric(10, 2), f double precision, ts timestamp, tz timestamptz, j json, e mood, r_id bigint);
INSERT INTO t SELECT it, it, it, 'c' || it || 'xyz', 'text ' || it, 'ch' || it, it, it + 0.25, it + 0.123456789012,
    timestamp '2024-01-01 10:00:00.25' + it * interval '1 hour',
    timestamptz '2024-01-01 10:00:00.25+00' + it * interval '1 hour', '{"a" :  1}', 'ok', it
  FROM generate_series(1, 200) it;
CREATE FUNCTION trg() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
-- base: vectors
CREATE EXTENSION vector;
CREATE TABLE t (
    id bigint PRIMARY KEY, a int, v vector(3), vv vector, h halfvec(3), arr real[], b bit(3), c int);
INSERT INTO t SELECT it, it, ('[' || it || ',1,2.0001]')::vector, ('[' || it || ',1,2]')::vector,
    ('[' || it || ',1,2]')::halfvec, ARRAY[it, 1, 2]::real[], (it % 8)::bit(3), it
  FROM generate_series(1, 200) it;
-- base: partitioned
CREATE TABLE r (id bigint PRIMARY KEY, x int);
INSERT INTO r SELECT it, it FROM generate_series(0, 200) it;
CREATE TABLE t (id bigint, a int, txt text) PARTITION BY RANGE (id);
CREATE TABLE part1 PARTITION OF t FOR VALUES FROM (0) TO (10000);
INSERT INTO t SELECT it, it, 'text' FROM generate_series(1, 200) it;
CREATE TABLE part2 (id bigint, a int, txt text);
INSERT INTO part2 SELECT it + 10000, it, 'text' FROM generate_series(1, 200) it;
-- base: nothing
-- form: CREATE TABLE ... PARTITION OF
-- form: ALTER TABLE ATTACH PARTITION
-- form: ALTER TABLE DETACH PARTITION
-- form: ALTER TABLE DETACH PARTITION CONCURRENTLY
-- form: DROP TABLE (a partition)
-- form: CREATE INDEX on a partitioned table
-- form: CREATE INDEX CONCURRENTLY on a partitioned table
-- form: CREATE INDEX ON ONLY (partitioned parent)
-- form: ALTER TABLE ADD FOREIGN KEY NOT VALID on a partitioned table
-- form: ALTER TABLE ADD CHECK NOT VALID on a partitioned table
-- form: ALTER TABLE SET NOT NULL on a partitioned table
-- form: ALTER TABLE ADD UNIQUE on a partitioned table
-- form: ALTER TABLE ADD COLUMN on a partitioned table
-- form: ALTER TABLE DROP COLUMN on a partitioned table
-- on partitioned
-- form: CREATE TABLE ... PARTITION OF (default partition exists)
-- form: ALTER TABLE ATTACH PARTITION (default partition exists)
-- form: ALTER TABLE DETACH PARTITION CONCURRENTLY (default partition exists)
-- on partitioned
CREATE TABLE defp PARTITION OF t DEFAULT;
-- form: ALTER TABLE ATTACH PARTITION (proving CHECK)
-- on partitioned
ALTER TABLE part2 ADD CHECK (id IS NOT NULL AND id >= 10000 AND id < 20000);
-- form: ALTER TABLE ATTACH PARTITION (parent has an index the partition lacks)
-- on partitioned
CREATE INDEX t_a ON t (a);
-- form: ALTER INDEX ATTACH PARTITION
-- on partitioned
CREATE INDEX p1i ON part1 (a);
CREATE INDEX i ON ONLY t (a);
-- form: REINDEX TABLE (partitioned)
-- form: DROP INDEX on a partitioned table
-- on partitioned
CREATE INDEX i ON t (a);
-- form: DROP TABLE (has a FOREIGN KEY to another table)
-- form: DROP TABLE (referenced by a FOREIGN KEY)
-- form: DROP TABLE CASCADE (referenced by a FOREIGN KEY)
-- form: TRUNCATE CASCADE (referenced by a FOREIGN KEY)
-- form: ALTER COLUMN TYPE bigint -> int (FOREIGN KEY column)
-- form: ALTER TABLE DROP CONSTRAINT (foreign key)
-- form: ALTER TABLE DROP CONSTRAINT (primary key) CASCADE
-- form: ALTER TABLE ALTER CONSTRAINT (fk DEFERRABLE)
ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY (r_id) REFERENCES r;
-- form: ALTER TABLE VALIDATE CONSTRAINT (foreign key)
ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY (r_id) REFERENCES r NOT VALID;
-- form: ALTER TABLE SET SCHEMA
CREATE SCHEMA probe2;
-- form: ALTER TABLE DROP COLUMN (indexed)
-- form: ALTER COLUMN TYPE int -> bigint (indexed)
-- form: CREATE INDEX IF NOT EXISTS (already there)
-- form: DROP INDEX
-- form: DROP INDEX CONCURRENTLY
-- form: ALTER INDEX RENAME
-- form: ALTER INDEX SET (fillfactor)
-- form: ALTER INDEX SET TABLESPACE
-- form: REINDEX INDEX
-- form: REINDEX TABLE
-- form: REINDEX INDEX CONCURRENTLY
-- form: REINDEX TABLE CONCURRENTLY
CREATE INDEX t_a ON t (a);
-- form: ALTER TABLE ADD UNIQUE USING INDEX
CREATE UNIQUE INDEX t_a ON t (a);
-- form: ALTER TABLE DROP COLUMN (used by a view)
CREATE VIEW vw AS SELECT a FROM t;
-- form: ALTER TABLE DROP COLUMN (named in the predicate of a partial index)
CREATE INDEX t_bp ON t (b) WHERE a > 0;
-- form: ALTER COLUMN TYPE varchar(20) -> varchar(40) (indexed)
-- form: ALTER COLUMN TYPE varchar(20) -> text (indexed)
CREATE INDEX t_c ON t (c);
-- form: ALTER COLUMN TYPE timestamp -> timestamptz (TimeZone = UTC)
-- first: SET TimeZone TO 'UTC'
-- form: ALTER COLUMN TYPE timestamp -> timestamptz (TimeZone not UTC)
-- first: SET TimeZone TO 'Europe/Berlin'
-- form: ALTER COLUMN TYPE text COLLATE change (indexed)
CREATE INDEX t_txt ON t (txt);
-- form: ALTER COLUMN TYPE same type again (expression index on it)
CREATE INDEX t_cl ON t (lower(c));
-- form: ALTER COLUMN TYPE varchar(20) -> varchar(40) (partial index on it)
CREATE INDEX t_cp ON t (id) WHERE c > 'a';
-- form: ALTER COLUMN TYPE varchar(20) -> varchar(40) (CHECK on it)
ALTER TABLE t ADD CHECK (c <> '');
-- form: ALTER COLUMN TYPE column used by a view
CREATE VIEW vw AS SELECT c FROM t;
-- form: ALTER COLUMN TYPE column used by a generated column
ALTER TABLE t ADD COLUMN g bigint GENERATED ALWAYS AS (a * 2) STORED;
-- form: ALTER TABLE ALTER COLUMN DROP EXPRESSION
ALTER TABLE t ADD COLUMN g int GENERATED ALWAYS AS (a * 2) STORED;
-- form: ALTER TABLE ALTER COLUMN DROP DEFAULT
ALTER TABLE t ALTER a SET DEFAULT 1;
-- form: ALTER TABLE ALTER COLUMN SET NOT NULL (validated CHECK proves it)
ALTER TABLE t ADD CHECK (a IS NOT NULL);
-- form: ALTER TABLE ALTER COLUMN DROP IDENTITY
ALTER TABLE t ALTER b ADD GENERATED BY DEFAULT AS IDENTITY;
-- form: ALTER TABLE VALIDATE CONSTRAINT (check)
-- form: ALTER TABLE DROP CONSTRAINT (check)
ALTER TABLE t ADD CONSTRAINT k CHECK (a > 0) NOT VALID;
-- form: ALTER TABLE DROP CONSTRAINT (unique)
-- form: DROP INDEX (backs a constraint)
ALTER TABLE t ADD CONSTRAINT u UNIQUE (a);
-- form: ALTER TABLE ADD PRIMARY KEY USING INDEX (column nullable)
CREATE UNIQUE INDEX u ON nopk (id);
-- form: ALTER TABLE ADD PRIMARY KEY USING INDEX (column NOT NULL)
ALTER TABLE nopk ALTER id SET NOT NULL;
CREATE UNIQUE INDEX u ON nopk (id);
-- form: ALTER TABLE INHERIT
CREATE TABLE ch (LIKE t INCLUDING ALL);
-- form: ALTER TABLE NO INHERIT
CREATE TABLE ch () INHERITS (t);
-- form: ALTER TABLE SET LOGGED
ALTER TABLE t SET UNLOGGED;
-- form: CREATE OR REPLACE TRIGGER
-- form: DROP TRIGGER
-- form: ALTER TABLE DISABLE TRIGGER
-- form: ALTER TABLE ENABLE TRIGGER
-- form: ALTER TRIGGER RENAME
-- form: DROP FUNCTION CASCADE (used by a trigger)
CREATE TRIGGER tg BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION trg();
-- form: ALTER POLICY
-- form: DROP POLICY
CREATE POLICY p ON t USING (true);
-- form: CREATE OR REPLACE VIEW
-- form: CREATE OR REPLACE VIEW (drops or reorders a column)
-- form: DROP VIEW
-- form: ALTER VIEW RENAME
CREATE VIEW vw AS SELECT id, a FROM t;
-- form: REFRESH MATERIALIZED VIEW
-- form: REFRESH MATERIALIZED VIEW CONCURRENTLY
-- form: DROP MATERIALIZED VIEW
CREATE MATERIALIZED VIEW mv AS SELECT id, a FROM t;
CREATE UNIQUE INDEX mv_id ON mv (id);
-- form: CREATE OR REPLACE FUNCTION
-- form: DROP FUNCTION
CREATE FUNCTION fn(int) RETURNS int LANGUAGE sql AS 'select 1';
-- form: ALTER TYPE ADD ATTRIBUTE (composite, used by a table)
CREATE TYPE comp AS (x int);
CREATE TABLE tc OF comp;
-- form: ALTER DOMAIN ADD CONSTRAINT
-- form: ALTER DOMAIN ADD CONSTRAINT NOT VALID
-- form: ALTER DOMAIN SET NOT NULL
-- form: ALTER DOMAIN SET DEFAULT
CREATE DOMAIN posint AS int;
CREATE TABLE td (id int PRIMARY KEY, d posint);
INSERT INTO td SELECT it, it FROM generate_series(1, 200) it;
-- form: ALTER DOMAIN VALIDATE CONSTRAINT
-- form: ALTER DOMAIN DROP CONSTRAINT
CREATE DOMAIN posint AS int;
CREATE TABLE td (id int PRIMARY KEY, d posint);
INSERT INTO td SELECT it, it FROM generate_series(1, 200) it;
ALTER DOMAIN posint ADD CONSTRAINT k CHECK (value > 0) NOT VALID;
-- form: ALTER SEQUENCE INCREMENT
-- form: ALTER SEQUENCE RESTART
-- form: ALTER SEQUENCE OWNED BY
-- form: SELECT setval()
-- form: DROP SEQUENCE
CREATE SEQUENCE sq;
-- form: ALTER SEQUENCE AS bigint
CREATE SEQUENCE sq AS int;
-- form: DROP SCHEMA CASCADE
CREATE SCHEMA s2;
CREATE TABLE s2.x (id int);
INSERT INTO s2.x SELECT it FROM generate_series(1, 200) it;
-- form: ALTER STATISTICS SET STATISTICS
-- form: DROP STATISTICS
CREATE STATISTICS st ON a, b FROM t;
-- form: CREATE EXTENSION (vector)
-- on nothing
CREATE SCHEMA probe_x;
-- form: ALTER TABLE ADD COLUMN (vector(3), nullable)
-- form: ALTER TABLE ADD COLUMN (halfvec(3) generated from a vector)
-- form: ALTER TABLE ADD COLUMN (vector(3) NOT NULL DEFAULT '[0,0,0]')
-- form: ALTER COLUMN TYPE vector(3) -> vector (no HNSW/IVFFlat index)
-- form: ALTER COLUMN TYPE vector -> vector(3)
-- form: ALTER COLUMN TYPE vector(3) -> vector(4) (rows present)
-- form: ALTER COLUMN TYPE vector(3) -> vector(2) USING subvector
-- form: ALTER COLUMN TYPE vector(3) -> halfvec(3)
-- form: ALTER COLUMN TYPE halfvec(3) -> vector(3)
-- form: ALTER COLUMN TYPE vector(3) -> sparsevec(3)
-- form: ALTER COLUMN TYPE vector(3) -> bit(3) USING binary_quantize
-- form: ALTER COLUMN TYPE real[] -> vector(3)
-- form: ALTER TABLE ALTER COLUMN SET STORAGE PLAIN (vector column)
-- form: CREATE INDEX USING hnsw
-- form: CREATE INDEX CONCURRENTLY USING hnsw
-- form: CREATE INDEX USING ivfflat
-- form: CREATE INDEX USING hnsw (half-precision expression)
-- form: ALTER EXTENSION UPDATE (vector)
-- on vectors
-- form: ALTER COLUMN TYPE vector(3) -> vector(4) (only NULLs)
-- on vectors
UPDATE t SET v = NULL;
-- form: ALTER COLUMN TYPE vector(3) -> vector (plain HNSW index)
-- form: ALTER COLUMN TYPE vector(3) -> vector(3) (plain HNSW)
-- form: ALTER COLUMN TYPE vector(3) -> halfvec(3) (HNSW present)
-- form: ALTER COLUMN TYPE vector(3) -> vector(4) USING, with HNSW
-- form: ALTER INDEX SET (hnsw m)
-- form: REINDEX INDEX CONCURRENTLY (hnsw)
-- form: DROP EXTENSION CASCADE (vector)
-- on vectors
CREATE INDEX t_v_hnsw ON t USING hnsw (v vector_cosine_ops);
-- form: ALTER COLUMN TYPE vector(3) -> vector (partial HNSW index)
-- on vectors
CREATE INDEX t_v_hnsw ON t USING hnsw (v vector_cosine_ops) WHERE a > 10;
-- form: ALTER COLUMN TYPE vector(3) -> vector(3) (expression HNSW)
-- on vectors
CREATE INDEX t_vx ON t USING hnsw ((v::halfvec(3)) halfvec_cosine_ops);
-- form: ALTER COLUMN TYPE bit(3) -> varbit (HNSW on bit)
-- on vectors
CREATE INDEX t_b ON t USING hnsw (b bit_hamming_ops);
-- form: ALTER TYPE ADD VALUE, used in the same transaction
-- in a block
-- form: ALTER TABLE ADD CHECK NOT VALID and VALIDATE in one transaction
-- in a block
