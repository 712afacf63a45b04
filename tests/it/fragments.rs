//! Schemas of all kinds, put together at random: an SQL script of many pieces, of each of which one of
//! several variants is taken. Whatever is taken, the script runs; what differs between two of them is
//! everything that can differ, under things that use it.

use proptest::prelude::*;

/// The pieces in the order in which they run. Every variant of a piece has all that later pieces
/// name.
const PIECES: &[&[&str]] = &[
    &["CREATE SCHEMA app", "CREATE SCHEMA app; COMMENT ON SCHEMA app IS 'it'"],
    &[
        "CREATE TYPE mood AS ENUM ('sad', 'ok')",
        "CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy')",
        "CREATE TYPE mood AS ENUM ('ok', 'sad')",
        "CREATE TYPE mood AS ENUM ('sad', 'good', 'ok'); COMMENT ON TYPE mood IS 'it'",
    ],
    &[
        "CREATE DOMAIN positive AS integer CHECK (VALUE > 0)",
        "CREATE DOMAIN positive AS bigint CHECK (VALUE > 0)",
        "CREATE DOMAIN positive AS integer DEFAULT 1 NOT NULL CONSTRAINT p CHECK (VALUE > 1)",
    ],
    &[
        "CREATE TYPE app.address AS (street text, n integer)",
        "CREATE TYPE app.address AS (street text, n integer, moods mood[])",
        "CREATE TYPE app.address AS (n bigint, street text)",
        "CREATE TYPE app.address AS (street text); COMMENT ON TYPE app.address IS 'it'",
    ],
    &["", "CREATE TYPE app.span AS RANGE (SUBTYPE = float8)"],
    &["", "CREATE COLLATION app.plain (PROVIDER = libc, LOCALE = 'C')"],
    &[
        "CREATE FUNCTION double(a integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT a * 2'",
        "CREATE FUNCTION double(a integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT a + a'",
        "CREATE FUNCTION double(a integer) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT 2::bigint'",
        "CREATE FUNCTION double(b integer) RETURNS integer IMMUTABLE BEGIN ATOMIC SELECT b * 2; END",
        "CREATE FUNCTION double(a integer, c integer DEFAULT 2) RETURNS integer LANGUAGE sql \
         IMMUTABLE AS 'SELECT a * c'; COMMENT ON FUNCTION double(integer, integer) IS 'it'",
    ],
    &[
        "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
    ],
    &[
        "CREATE SEQUENCE numbers",
        "CREATE SEQUENCE numbers INCREMENT 2",
        "CREATE SEQUENCE numbers AS integer",
    ],
    &[
        "CREATE TABLE t (id integer PRIMARY KEY, a integer, m mood DEFAULT 'sad', p positive)",
        "CREATE TABLE t (id bigint PRIMARY KEY, a integer DEFAULT double(1), m mood, p positive)",
        "CREATE TABLE t (id integer PRIMARY KEY, a smallint, m mood DEFAULT 'ok', p positive, x text)",
        "CREATE TABLE t (id integer PRIMARY KEY, a integer NOT NULL, m mood NOT NULL DEFAULT 'ok', \
         p positive, CHECK (double(a) > 0))",
        "CREATE TABLE t (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, \
         a integer DEFAULT nextval('numbers'), m mood, p positive) WITH (fillfactor = 50)",
    ],
    &[
        "",
        "ALTER TABLE t ADD home app.address",
        "ALTER TABLE t ADD home app.address, ADD moods mood[]",
    ],
    &["", "ALTER TABLE t ADD g bigint GENERATED ALWAYS AS (double(a)) STORED"],
    &["", "CREATE INDEX t_idx ON t (a) WHERE m <> 'sad'", "CREATE INDEX t_idx ON t (double(a), m)"],
    &["", "ALTER SEQUENCE numbers OWNED BY t.a"],
    &[
        "CREATE TABLE app.parts (id integer, day date NOT NULL, m mood) PARTITION BY RANGE (day)",
        "CREATE TABLE app.parts (id integer DEFAULT 1, day date NOT NULL, m mood, PRIMARY KEY (id, day)) \
         PARTITION BY RANGE (day)",
    ],
    &[
        "",
        "CREATE TABLE app.part_1 PARTITION OF app.parts FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')",
        "CREATE TABLE app.part_1 PARTITION OF app.parts (id DEFAULT 7) \
         FOR VALUES FROM ('2020-01-01') TO ('2022-01-01')",
        "CREATE TABLE app.part_0 PARTITION OF app.parts DEFAULT PARTITION BY HASH (id); \
         CREATE TABLE app.part_2 PARTITION OF app.part_0 FOR VALUES WITH (MODULUS 1, REMAINDER 0)",
    ],
    &[
        "",
        "CREATE INDEX parts_idx ON app.parts (m)",
        "CREATE UNIQUE INDEX parts_idx ON app.parts (day, id)",
    ],
    &[
        "",
        "CREATE TABLE child (extra text) INHERITS (t)",
        "CREATE TABLE child () INHERITS (t); ALTER TABLE child ALTER a SET DEFAULT 3",
    ],
    &["", "CREATE TABLE typed OF app.address"],
    &[
        "",
        "CREATE FOREIGN DATA WRAPPER nowhere; CREATE SERVER far FOREIGN DATA WRAPPER nowhere; \
         CREATE FOREIGN TABLE abroad (id integer) SERVER far",
        "CREATE FOREIGN DATA WRAPPER nowhere; CREATE SERVER far FOREIGN DATA WRAPPER nowhere \
         OPTIONS (host 'x'); CREATE FOREIGN TABLE abroad (id bigint OPTIONS (n 'ID')) SERVER far \
         OPTIONS (name 'y')",
    ],
    &[
        "CREATE VIEW v AS SELECT id, a, m FROM t",
        "CREATE VIEW v AS SELECT id, a, m, p FROM t",
        "CREATE VIEW v WITH (security_barrier = true) AS SELECT id, m FROM t WHERE a > 1",
        "CREATE VIEW v AS SELECT id, m, double(a) AS d FROM t; COMMENT ON COLUMN v.m IS 'it'",
    ],
    &[
        "",
        "CREATE VIEW app.over AS SELECT * FROM v",
        "CREATE VIEW app.over AS SELECT m, count(*) FROM v GROUP BY m",
    ],
    &[
        "",
        "CREATE MATERIALIZED VIEW app.kept AS SELECT id, m FROM v; CREATE INDEX kept_idx ON app.kept (m)",
        "CREATE MATERIALIZED VIEW app.kept AS SELECT m FROM v; CREATE UNIQUE INDEX kept_idx ON app.kept (m)",
    ],
    &[
        "",
        "CREATE RULE quiet AS ON DELETE TO v DO INSTEAD NOTHING",
        "CREATE RULE quiet AS ON INSERT TO v DO INSTEAD NOTHING",
    ],
    &[
        "",
        "CREATE TRIGGER touched BEFORE UPDATE OF m ON t FOR EACH ROW EXECUTE FUNCTION touch()",
        "CREATE TRIGGER touched AFTER INSERT ON t FOR EACH ROW WHEN (new.a > 1) EXECUTE FUNCTION touch(); \
         ALTER TABLE t DISABLE TRIGGER touched",
    ],
    &[
        "",
        "CREATE POLICY own ON t USING (m = 'ok'); ALTER TABLE t ENABLE ROW LEVEL SECURITY",
        "CREATE POLICY own ON t FOR INSERT TO pg_monitor WITH CHECK (double(id::integer) > 1)",
    ],
    &[
        "",
        "CREATE STATISTICS stats ON a, m FROM t",
        "CREATE STATISTICS app.stats (ndistinct) ON a, m FROM t",
    ],
    &[
        "",
        "CREATE AGGREGATE app.total(integer) (SFUNC = int4pl, STYPE = integer)",
        "CREATE AGGREGATE app.total(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '1')",
    ],
    &["", "CREATE PROCEDURE app.run() LANGUAGE sql AS 'SELECT 1'"],
    &[
        "",
        "CREATE FUNCTION like_it(mood, mood) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true'; \
         CREATE OPERATOR ~~~ (FUNCTION = like_it, LEFTARG = mood, RIGHTARG = mood)",
    ],
    &[
        "",
        "CREATE FUNCTION as_number(mood) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1'; \
         CREATE CAST (mood AS integer) WITH FUNCTION as_number(mood)",
    ],
    &["", "CREATE TEXT SEARCH CONFIGURATION app.words (COPY = simple)"],
    &[
        "",
        "CREATE PUBLICATION news FOR TABLE t",
        "CREATE PUBLICATION news FOR TABLE t WITH (publish = 'insert')",
    ],
    &[
        "",
        "GRANT SELECT ON t TO pg_monitor",
        "GRANT SELECT, INSERT ON t TO pg_monitor WITH GRANT OPTION",
    ],
    &["", "GRANT SELECT ON v TO pg_monitor", "GRANT USAGE ON SCHEMA app TO PUBLIC"],
    &["", "REVOKE EXECUTE ON FUNCTION touch() FROM PUBLIC", "GRANT SELECT (a) ON t TO PUBLIC"],
    &["", "COMMENT ON TABLE t IS 'it'; COMMENT ON COLUMN t.a IS 'it'", "COMMENT ON VIEW v IS 'it'"],
];

/// A script that creates any of these schemas in an empty database.
pub(crate) fn script() -> impl Strategy<Value = String> {
    choices().prop_map(|chosen| {
        let pieces = PIECES.iter().zip(chosen).map(|(variants, at)| variants[at]);
        pieces.filter(|it| !it.is_empty()).map(|it| format!("{it};\n")).collect()
    })
}

/// One variant of each piece.
fn choices() -> Vec<std::ops::Range<usize>> {
    PIECES.iter().map(|it| 0..it.len()).collect()
}

/// Tables that nothing else hangs on.
const OTHERS: usize = 40;

/// Two scripts that differ in one of their pieces, or in none, among much that hangs on neither.
pub(crate) fn neighbours() -> impl Strategy<Value = (String, String)> {
    (choices(), 0..PIECES.len(), any::<prop::sample::Index>()).prop_map(
        |(chosen, piece, variant)| {
            let mut varied = chosen.clone();
            varied[piece] = variant.index(PIECES[piece].len());
            (among_others(&chosen), among_others(&varied))
        },
    )
}

fn among_others(chosen: &[usize]) -> String {
    let pieces = PIECES.iter().zip(chosen).map(|(variants, at)| variants[*at].to_owned());
    let others = (0..OTHERS).map(|it| {
        format!(
            "CREATE TABLE other_{it} (id bigint PRIMARY KEY, word text DEFAULT 'a' || 'b', \
             CHECK (word IN ('a', 'b'))); \
             CREATE VIEW seen_{it} AS SELECT id, word FROM other_{it} WHERE word IN ('a', 'b')"
        )
    });
    let all = pieces.chain(others).filter(|it| !it.is_empty());
    all.map(|it| format!("{it};\n")).collect()
}
