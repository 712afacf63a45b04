CREATE UNLOGGED TABLE fast (id int);
CREATE TABLE packed (id int, body text)
    WITH (fillfactor = 70, autovacuum_enabled = off, toast.autovacuum_enabled = false);
COMMENT ON TABLE packed IS 'It''s full';
ALTER TABLE packed ENABLE ROW LEVEL SECURITY;
CREATE TABLE "Strict" (id int NOT NULL);
ALTER TABLE "Strict" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE UNIQUE INDEX strict_id ON "Strict" (id);
ALTER TABLE "Strict" REPLICA IDENTITY USING INDEX strict_id;
CREATE TABLE forced (id int);
ALTER TABLE forced FORCE ROW LEVEL SECURITY, REPLICA IDENTITY FULL;
CREATE TABLE orphan (id int NOT NULL);
CREATE UNIQUE INDEX orphan_id ON orphan (id);
ALTER TABLE orphan REPLICA IDENTITY USING INDEX orphan_id;
DROP INDEX orphan_id;
CREATE TEMPORARY TABLE gone (id int);
