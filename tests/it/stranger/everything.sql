-- One object at least of every relkind, contype, typtype and prokind, and of every other catalog
-- that a schema owner writes to, tangled as they are in old databases.
CREATE EXTENSION vector; -- pgvector
CREATE EXTENSION IF NOT EXISTS plpgsql;
CREATE SCHEMA app;
COMMENT ON SCHEMA app IS 'What the application has';

-- Types: enum, domain, composite, range, base.
CREATE TYPE app.mood AS ENUM ('sad', 'ok', 'it''s great');
CREATE DOMAIN app.positive AS integer DEFAULT 1 NOT NULL
    CONSTRAINT is_positive CHECK (VALUE > 0) CHECK (VALUE < 1000000);
COMMENT ON DOMAIN app.positive IS 'Above zero';
COMMENT ON CONSTRAINT is_positive ON DOMAIN app.positive IS 'Zero is not';
CREATE DOMAIN app.embedding AS vector(3); -- pgvector
CREATE TYPE app.address AS (street text COLLATE "C", number app.positive, moods app.mood[]);
COMMENT ON COLUMN app.address.street IS 'Without the number';
CREATE FUNCTION app.time_diff(x time, y time) RETURNS double precision
    LANGUAGE sql IMMUTABLE STRICT AS 'SELECT extract(epoch FROM (x - y))::double precision';
CREATE TYPE app.timerange AS RANGE (
    subtype = time, subtype_diff = app.time_diff, multirange_type_name = app.timeranges);
CREATE TYPE app.id;
CREATE FUNCTION app.id_in(cstring) RETURNS app.id LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION app.id_out(app.id) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
CREATE TYPE app.id (INPUT = app.id_in, OUTPUT = app.id_out, LIKE = integer);
CREATE COLLATION app.german (provider = libc, locale = 'C');

-- Routines: function, procedure, aggregate, window function; bodies of both sorts.
CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    NEW.changed_at := now(); -- '''
    RETURN NEW;
END
$body$;
COMMENT ON FUNCTION app.touch() IS 'Notes the time';
CREATE FUNCTION app.label(value integer, OUT word text, OUT length integer)
    LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10 SET search_path = app, pg_temp AS
$$ BEGIN word := value::text; length := length(word); END $$;
CREATE FUNCTION app.add(a integer, b integer DEFAULT 1) RETURNS integer
    IMMUTABLE BEGIN ATOMIC SELECT a + b; END;
CREATE FUNCTION app.add(a numeric, VARIADIC b numeric[]) RETURNS numeric
    LANGUAGE sql IMMUTABLE AS 'SELECT a + sum(it) FROM unnest(b) it';
CREATE FUNCTION app.place() RETURNS bigint LANGUAGE internal WINDOW AS 'window_rank';
CREATE PROCEDURE app.forget(INOUT n integer) LANGUAGE plpgsql SECURITY DEFINER AS
$$ BEGIN DELETE FROM app.orders WHERE number = n; END $$;
CREATE AGGREGATE app.product(double precision) (
    SFUNC = float8mul, STYPE = double precision, INITCOND = '1', COMBINEFUNC = float8mul,
    PARALLEL = SAFE);
CREATE AGGREGATE app.middle(double precision ORDER BY double precision) (
    SFUNC = ordered_set_transition, STYPE = internal, FINALFUNC = percentile_cont_float8_final);

-- Operators, their class, a cast.
CREATE FUNCTION app.id_eq(app.id, app.id) RETURNS boolean
    LANGUAGE internal IMMUTABLE STRICT AS 'int4eq';
CREATE OPERATOR app.=== (
    LEFTARG = app.id, RIGHTARG = app.id, FUNCTION = app.id_eq, COMMUTATOR = OPERATOR(app.===),
    RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES);
CREATE FUNCTION app.id_hash(app.id) RETURNS integer
    LANGUAGE internal IMMUTABLE STRICT AS 'hashint4';
CREATE OPERATOR FAMILY app.id_family USING hash;
CREATE OPERATOR CLASS app.id_ops DEFAULT FOR TYPE app.id USING hash FAMILY app.id_family AS
    OPERATOR 1 app.=== (app.id, app.id), FUNCTION 1 app.id_hash(app.id);
CREATE FUNCTION app.id_number(app.id) RETURNS bigint
    LANGUAGE internal IMMUTABLE STRICT AS 'int48';
CREATE CAST (app.id AS bigint) WITH FUNCTION app.id_number(app.id) AS ASSIGNMENT;

-- Text search.
CREATE TEXT SEARCH DICTIONARY app.plain (TEMPLATE = pg_catalog.simple, stopwords = english);
CREATE TEXT SEARCH CONFIGURATION app.words (COPY = pg_catalog.simple);
ALTER TEXT SEARCH CONFIGURATION app.words ALTER MAPPING FOR asciiword WITH app.plain, simple;

-- Tables: ordinary, unlogged, partitioned, inherited, typed, foreign; every sort of constraint.
CREATE SEQUENCE app.numbers INCREMENT 2 MINVALUE 10 CACHE 3;
CREATE TABLE app.people (
    id bigint GENERATED ALWAYS AS IDENTITY (START 100) PRIMARY KEY,
    name text COLLATE app.german NOT NULL,
    mood app.mood DEFAULT 'ok',
    home app.address,
    during app.timerange,
    wallet app.positive,
    number integer DEFAULT nextval('app.numbers'),
    face vector(3), -- pgvector
    other_face app.embedding, -- pgvector
    name_length integer GENERATED ALWAYS AS (length(name)) STORED,
    changed_at timestamptz DEFAULT now(),
    CONSTRAINT people_name_key UNIQUE (name) INCLUDE (mood) DEFERRABLE,
    CONSTRAINT people_name_check CHECK (name <> '') NO INHERIT,
    CONSTRAINT people_during_excl EXCLUDE USING gist (during WITH &&) WHERE (wallet > 5)
) WITH (fillfactor = 80, toast.autovacuum_enabled = false);
ALTER SEQUENCE app.numbers OWNED BY app.people.number;
COMMENT ON TABLE app.people IS 'All of them';
COMMENT ON COLUMN app.people.mood IS 'As of today';
CREATE INDEX people_face_idx ON app.people USING hnsw (face vector_cosine_ops) WITH (m = 8); -- pgvector
CREATE INDEX people_lower_idx ON app.people (lower(name) text_pattern_ops DESC NULLS LAST)
    INCLUDE (mood) WHERE mood <> 'sad';
CREATE UNLOGGED TABLE app.cache (key text, value jsonb);
CREATE TABLE app.students (school text DEFAULT 'none') INHERITS (app.people);
CREATE TABLE app.addresses OF app.address (street WITH OPTIONS NOT NULL);
CREATE TABLE app.orders (
    id bigserial,
    person_id bigint REFERENCES app.people ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    number integer,
    placed_at date NOT NULL,
    PRIMARY KEY (id, placed_at)
) PARTITION BY RANGE (placed_at);
CREATE TABLE app.orders_2024 PARTITION OF app.orders
    FOR VALUES FROM ('2024-01-01') TO ('2025-01-01') PARTITION BY HASH (id);
CREATE TABLE app.orders_2024_0 PARTITION OF app.orders_2024 FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE app.orders_2024_1 PARTITION OF app.orders_2024 (number DEFAULT 7)
    FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE TABLE app.orders_rest PARTITION OF app.orders DEFAULT;
CREATE INDEX orders_number_idx ON app.orders (number);
CREATE TABLE app.numbered (n integer PRIMARY KEY);
ALTER TABLE app.orders_rest ADD UNIQUE (number), ADD FOREIGN KEY (number) REFERENCES app.numbered;
CREATE FOREIGN DATA WRAPPER nowhere;
CREATE SERVER elsewhere FOREIGN DATA WRAPPER nowhere OPTIONS (host 'it''s far');
CREATE USER MAPPING FOR PUBLIC SERVER elsewhere OPTIONS (name 'guest');
CREATE FOREIGN TABLE app.far (
    id integer OPTIONS (column_name 'ID') NOT NULL, word text, CHECK (id > 0)
) SERVER elsewhere OPTIONS (table_name 'far');
ALTER TABLE app.people REPLICA IDENTITY FULL;
CREATE STATISTICS app.people_stats (dependencies, mcv) ON mood, number FROM app.people;

-- A default and a check that call a function on rows of their own table.
CREATE TABLE app.circle (a integer, b integer);
CREATE FUNCTION app.size(app.circle) RETURNS integer LANGUAGE sql AS 'SELECT $1.a';
CREATE FUNCTION app.fallback(app.circle DEFAULT NULL) RETURNS integer LANGUAGE sql AS 'SELECT 1';
ALTER TABLE app.circle ADD CONSTRAINT circle_size CHECK (app.size(circle) > 0);
ALTER TABLE app.circle ALTER COLUMN b SET DEFAULT app.fallback();

-- Views, one over the other, with rules and triggers; a materialized one with an index.
CREATE VIEW app.happy WITH (security_barrier = true) AS
    SELECT id, name, home FROM app.people WHERE mood <> 'sad' WITH LOCAL CHECK OPTION;
COMMENT ON VIEW app.happy IS 'Those who are';
COMMENT ON COLUMN app.happy.name IS 'First and last';
ALTER VIEW app.happy ALTER COLUMN name SET DEFAULT 'nobody';
CREATE VIEW happier AS SELECT h.*, app.add(1) AS more FROM app.happy h;
CREATE RECURSIVE VIEW app.counting (n) AS
    VALUES (1) UNION ALL SELECT n + 1 FROM counting WHERE n < 5;
CREATE MATERIALIZED VIEW app.moods WITH (fillfactor = 50) AS
    SELECT mood, count(*) AS people FROM app.people GROUP BY mood;
CREATE UNIQUE INDEX moods_mood_idx ON app.moods (mood);
COMMENT ON MATERIALIZED VIEW app.moods IS 'Refreshed at night';
CREATE RULE keep AS ON DELETE TO app.happy DO INSTEAD NOTHING;
CREATE RULE log_it AS ON UPDATE TO app.cache WHERE old.key IS NULL
    DO ALSO (INSERT INTO app.cache VALUES ('x', NULL); DELETE FROM app.cache WHERE key = 'y');
COMMENT ON RULE keep ON app.happy IS 'Nothing goes';
CREATE TRIGGER touch BEFORE UPDATE OF name, mood ON app.people
    FOR EACH ROW WHEN (old.name IS DISTINCT FROM new.name) EXECUTE FUNCTION app.touch();
CREATE CONSTRAINT TRIGGER touch_late AFTER INSERT ON app.people
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION app.touch();
CREATE TRIGGER touch_all AFTER INSERT ON app.people REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION app.touch();
ALTER TABLE app.people DISABLE TRIGGER touch_all;
ALTER TABLE app.people ENABLE ALWAYS TRIGGER touch_late;
CREATE TRIGGER touch_happy INSTEAD OF UPDATE ON app.happy
    FOR EACH ROW EXECUTE FUNCTION app.touch();
CREATE TRIGGER touch_orders BEFORE INSERT ON app.orders
    FOR EACH ROW EXECUTE FUNCTION app.touch();
COMMENT ON TRIGGER touch ON app.people IS 'Before each';

-- Row security, publications, event triggers.
ALTER TABLE app.people ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON app.people AS RESTRICTIVE FOR UPDATE TO PUBLIC
    USING (name = current_user) WITH CHECK (mood <> 'sad');
COMMENT ON POLICY own_rows ON app.people IS 'Hands off';
CREATE FUNCTION app.on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN NULL; END';
CREATE EVENT TRIGGER watch ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'DROP TABLE')
    EXECUTE FUNCTION app.on_ddl();
ALTER EVENT TRIGGER watch DISABLE;
CREATE PUBLICATION changes FOR TABLE app.people (id, name) WHERE (id > 5), app.circle
    WITH (publish = 'insert, update');
CREATE PUBLICATION everything_in_app FOR TABLES IN SCHEMA app;
CREATE CONVERSION app.latin FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
