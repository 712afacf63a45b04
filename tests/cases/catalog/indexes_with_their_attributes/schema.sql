CREATE TABLE t (a int NOT NULL, b text, c int);
CREATE UNIQUE INDEX once ON t (a) INCLUDE (b, c) NULLS NOT DISTINCT WITH (fillfactor = 60);
CREATE INDEX partly ON t (b) WHERE a > 0 AND (b <> 'x' OR c IS NULL);
CREATE INDEX grouped ON t (c);
ALTER TABLE t CLUSTER ON grouped;
COMMENT ON INDEX grouped IS 'The order on disk';
CREATE INDEX counted ON t ((a + c));
ALTER INDEX counted ALTER COLUMN 1 SET STATISTICS 300;
