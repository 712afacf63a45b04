CREATE COLLATION german (provider = libc, locale = 'C');
CREATE SCHEMA other;
CREATE COLLATION other.german (provider = libc, locale = 'C');
CREATE DOMAIN shouted AS text COLLATE "C";
CREATE TABLE t (
    dropped int,
    name text NOT NULL,
    code varchar(20) COLLATE "C" DEFAULT 'x',
    german text COLLATE german,
    elsewhere text COLLATE other.german,
    shouted shouted,
    price numeric(10, 2) DEFAULT 0,
    tags text[] DEFAULT '{}',
    at timestamptz(3) DEFAULT now(),
    letter char,
    internal "char",
    sum int GENERATED ALWAYS AS (length(name) + 1) STORED,
    plain text,
    squeezed text COMPRESSION pglz,
    counted int,
    "order" int DEFAULT (1 + 2)
);
ALTER TABLE t DROP COLUMN dropped;
ALTER TABLE t ALTER plain SET STORAGE PLAIN;
ALTER TABLE t ALTER counted SET STATISTICS 500, ALTER counted SET (n_distinct = 5);
COMMENT ON COLUMN t.name IS 'What it is called';
