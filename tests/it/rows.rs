//! Revisions and differences tried with rows: what may fail and what is lost is said, what could not be
//! filled is named, and a clean change says nothing.

use serde_json::{Value, json};

use crate::project::Project;
use crate::support::{TestDatabase, server_url};

/// Tables as they are.
const FROM: &str = "
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE DOMAIN email AS text CHECK (VALUE ~ '^[^@]+@[^@]+$');
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE TYPE pair AS (a int, b mood);

CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mail email NOT NULL UNIQUE, mood mood NOT NULL, age positive NOT NULL, name text);
CREATE TABLE documents (id bigserial PRIMARY KEY, user_id bigint, body text NOT NULL,
    code varchar(20) NOT NULL, amount numeric(10, 4) NOT NULL, number text NOT NULL, note text,
    size int GENERATED ALWAYS AS (length(body)) STORED);
CREATE TABLE priced (id int PRIMARY KEY, price int NOT NULL, name text NOT NULL);

CREATE TABLE nodes (id int PRIMARY KEY, parent int REFERENCES nodes, v int);
CREATE TABLE own (id int PRIMARY KEY, parent int NOT NULL REFERENCES own, v int);
CREATE TABLE one (id int PRIMARY KEY, other int NOT NULL, v int);
CREATE TABLE two (id int PRIMARY KEY, other int NOT NULL REFERENCES one, v int);
ALTER TABLE one ADD FOREIGN KEY (other) REFERENCES two DEFERRABLE;
CREATE TABLE three (id int PRIMARY KEY, other int, v int);
CREATE TABLE four (id int PRIMARY KEY, other int NOT NULL REFERENCES three, v int);
ALTER TABLE three ADD FOREIGN KEY (other) REFERENCES four;

CREATE TABLE events (at timestamptz NOT NULL, v int) PARTITION BY RANGE (at);
CREATE TABLE events_24 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE events_25 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE split (id int NOT NULL, v int) PARTITION BY HASH (id);
CREATE TABLE split_0 PARTITION OF split FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE split_1 PARTITION OF split FOR VALUES WITH (MODULUS 2, REMAINDER 1);

CREATE TABLE periods (id int PRIMARY KEY, a date NOT NULL, b date NOT NULL, CHECK (a < b),
    x int, y int, CHECK (num_nonnulls(x, y) = 1), v int);
CREATE TABLE rooms (id int PRIMARY KEY, r int4range NOT NULL, EXCLUDE USING gist (r WITH &&), v int);
CREATE TABLE closed (id int PRIMARY KEY, t text NOT NULL CHECK (md5(t) = 'none'), v int);
CREATE TABLE guarded (id int PRIMARY KEY, v int);
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$;
CREATE TRIGGER guard BEFORE INSERT ON guarded FOR EACH ROW EXECUTE FUNCTION refuse();

CREATE TABLE types (id int PRIMARY KEY, c01 smallint NOT NULL, c02 numeric NOT NULL,
    c03 numeric(2, 2) NOT NULL, c04 real NOT NULL, c05 double precision NOT NULL, c06 money NOT NULL,
    c07 char(3) NOT NULL, c08 \"char\" NOT NULL, c09 name NOT NULL, c10 bytea NOT NULL, c11 date NOT NULL,
    c12 timestamp NOT NULL, c13 time NOT NULL, c14 timetz NOT NULL, c15 interval NOT NULL,
    c16 uuid NOT NULL, c17 json NOT NULL, c18 jsonb NOT NULL, c19 inet NOT NULL, c20 cidr NOT NULL,
    c21 macaddr NOT NULL, c22 macaddr8 NOT NULL, c23 bit(5) NOT NULL, c24 varbit(7) NOT NULL,
    c25 point NOT NULL, c26 line NOT NULL, c27 lseg NOT NULL, c28 box NOT NULL, c29 path NOT NULL,
    c30 polygon NOT NULL, c31 circle NOT NULL, c32 tsvector NOT NULL, c33 tsquery NOT NULL,
    c34 int[] NOT NULL, c35 mood[] NOT NULL, c36 pair NOT NULL, c37 int4range NOT NULL,
    c38 tstzrange NOT NULL, c39 numrange NOT NULL, c40 positive[] NOT NULL, c41 pg_lsn NOT NULL,
    c42 oid NOT NULL, c43 boolean NOT NULL, c44 varchar(1) NOT NULL, v int);
CREATE TABLE untouched (id int PRIMARY KEY);
";

/// What each change meets: what its statement names, and the SQLSTATE. NOT NULL is set directly, or by
/// way of a check.
const SEEN: &[(&str, &[&str])] = &[
    ("users", NULL),
    ("documents_body_key", &["23505"]),
    ("documents.code", &["22001"]),
    ("documents.number", &["22P02"]),
    ("documents_user_id_fkey", &["23503"]),
    ("priced", &["23514"]),
    ("priced_name_idx", &["23505"]),
    ("nodes", NULL),
    ("own", NULL),
    ("one", NULL),
    ("two", NULL),
    ("three", NULL),
    ("four", NULL),
    ("events", NULL),
    ("split", NULL),
    ("periods", NULL),
    ("rooms", NULL),
    ("guarded", NULL),
    ("types", NULL),
];
const NULL: &[&str] = &["23502", "23514"];

/// The tables as they shall be.
fn to() -> String {
    let mut to = FROM.to_owned();
    for (old, new) in [
        ("name text)", "name text NOT NULL)"),
        ("user_id bigint,", "user_id bigint REFERENCES users (id),"),
        ("body text NOT NULL,", "body text NOT NULL UNIQUE,"),
        ("varchar(20)", "varchar(10)"),
        ("numeric(10, 4)", "numeric(10, 2)"),
        (" note text,", ""),
        (
            "price int NOT NULL, name text NOT NULL);",
            "price int NOT NULL CHECK (price > 0), name text NOT NULL); \
          CREATE UNIQUE INDEX ON priced (name);",
        ),
        (" v int)", " v int NOT NULL)"),
    ] {
        assert!(to.contains(old), "{old}");
        to = to.replace(old, new);
    }
    to
}

/// The finding on a statement that names something.
#[track_caller]
fn on<'a>(findings: &'a Value, named: &str) -> &'a Value {
    let all = findings.as_array().unwrap();
    let names = |it: &&Value| {
        let step = it["step"].as_str().unwrap();
        step.split(' ').any(|it| it == named || it.strip_suffix(".v") == Some(named))
    };
    all.iter().find(names).unwrap_or_else(|| panic!("{named}: {findings}"))
}

/// What PostgreSQL said of it.
#[track_caller]
fn sqlstate<'a>(findings: &'a Value, named: &str) -> &'a str {
    let found = on(findings, named);
    found["seen"]["sqlstate"].as_str().unwrap_or_else(|| panic!("{found}"))
}

#[test]
fn what_rows_break_is_found_and_what_could_not_be_filled_is_named() {
    let project = Project::new("");
    let number = "number text NOT NULL";
    project.write("from.sql", FROM);
    // The declaration alone can say how a text becomes a number.
    project.write("to.sql", &to());
    let pull = ["pull", "to.sql", "--output", "schema.toml", "--dev-url", server_url()];
    std::fs::remove_file(project.path("schema.toml")).unwrap();
    project.ends(0, &pull);
    let declared = project.read("schema.toml");
    let text = declared.lines().find(|it| it.trim_start().starts_with("number ")).unwrap();
    let using = "number = { type = \"integer\", using = \"number::integer\" }";
    project.write("schema.toml", &declared.replace(text, using));
    assert!(FROM.contains(number));

    let told = project.ends(
        0,
        &[
            "diff",
            "from.sql",
            "schema.toml",
            "--prove",
            "--format",
            "json",
            "--dev-url",
            server_url(),
        ],
    );
    let report = told.json();
    assert_eq!(report["proved"], true);
    for (named, states) in SEEN {
        let found = sqlstate(&report["may_fail"], named);
        assert!(states.contains(&found), "{named}: {found} in {told}");
    }
    let once = report["may_fail"].as_array().unwrap().len();
    assert_eq!(once, SEEN.len() + 1, "each once, and what could not be filled: {told}");
    assert_eq!(on(&report["may_fail"], "closed")["seen"], Value::Null);

    let amount = on(&report["loses"], "documents.amount");
    let lost = amount["seen"]["lost"].as_u64().unwrap();
    assert!(lost > 0 && lost < amount["seen"]["of"].as_u64().unwrap(), "{amount}");
    assert_eq!(on(&report["loses"], "documents.note")["reason"], "the values of the column");

    let rows = &report["rows"];
    let not_filled: Vec<&Value> =
        rows["not_filled"].as_array().unwrap().iter().map(|it| &it["table"]).collect();
    assert_eq!(not_filled, ["closed"], "{told}");
    for it in rows["filled"].as_array().unwrap() {
        assert!(it["rows"].as_u64() >= Some(4) && it["sampled"] == false, "{it}");
        assert_ne!(it["table"], "untouched");
    }
    let all: Vec<&str> =
        rows["filled"].as_array().unwrap().iter().map(|it| it["table"].as_str().unwrap()).collect();
    for table in ["events_24", "events_25", "split_0", "split_1", "types"] {
        assert!(all.contains(&table), "{table}: {rows}");
    }
    told.says(&[
        "may fail: line ",
        "with rows: value too long for type character varying(10)\n",
        "note: not tested with rows of closed: no value of t was found that satisfies its type and \
         checks\n",
        "note: the SQL was tested on a scratch database and results in the schema of TO\n",
    ]);
}

#[test]
fn vectors_of_other_dimensions_and_a_clean_change() {
    if !TestDatabase::has_extension("vector") {
        return;
    }
    let project = Project::new("");
    let from = "CREATE EXTENSION vector; CREATE TABLE t (id int PRIMARY KEY, e vector, h halfvec(3) NOT NULL, \
                s sparsevec(5) NOT NULL); CREATE INDEX ON t USING hnsw (h halfvec_cosine_ops);";
    project.write("from.sql", from);
    project.write("to.sql", &from.replace("e vector,", "e vector(3),"));
    project.write("clean.sql", &from.replace("e vector,", "e vector, n text,"));
    let proved = |to| ["diff", "from.sql", to, "--prove", "--dev-url", server_url()];
    project
        .ends(0, &proved("to.sql"))
        .says(&["may fail: line ", "with rows: expected 3 dimensions, not "]);
    let clean = project.ends(0, &proved("clean.sql"));
    assert_eq!(
        clean.stderr,
        "note: the SQL was tested on a scratch database and results in the \
                              schema of TO\n"
    );
    let unproved = project.ends(0, &["diff", "from.sql", "clean.sql", "--dev-url", server_url()]);
    assert_eq!(
        unproved.stderr,
        "note: the SQL was not tested; to test it on a scratch database: --prove\n"
    );
}

#[test]
fn rows_are_drawn_from_the_database_where_they_can_be_read() {
    let database = TestDatabase::create("sample");
    let schema = "CREATE TABLE p (id int PRIMARY KEY, secret text); \
         CREATE TABLE c (id int PRIMARY KEY, p int NOT NULL REFERENCES p, full_name text, code text NOT NULL); \
         CREATE TABLE hidden (id int PRIMARY KEY, v int);";
    database.execute(schema);
    database.execute(
        "INSERT INTO p SELECT it, 's' FROM generate_series(1, 1000) it; \
         INSERT INTO c VALUES (1, 900, 'a', 'long secret'), (2, 901, 'b', 'short'); \
         INSERT INTO hidden VALUES (1, 1); \
         GRANT SELECT ON c, p TO pg_signal_backend;",
    );
    let project = Project::new("");
    let to = schema
        .replace("full_name text", "full_name text NOT NULL")
        .replace("code text", "code varchar(8)");
    project.write("to.sql", &to.replace("v int", "v int NOT NULL"));
    project.write("from.sql", schema);
    // A role of every server that may read no table but what it is given.
    let url = format!("{}?options=-c%20role%3Dpg_signal_backend", database.url());
    let arguments = ["diff", "from.sql", "to.sql", "--prove", "--sample", "--format", "json"];
    let told =
        project.ends(0, &[&arguments[..], &["--url", &url, "--dev-url", server_url()]].concat());
    let report = told.json();
    let filled = json!([
        {"table": "c", "rows": 2, "sampled": true},
        {"table": "hidden", "rows": report["rows"]["filled"][1]["rows"], "sampled": false},
        {"table": "p", "rows": 2, "sampled": true},
    ]);
    assert_eq!(report["rows"]["filled"], filled, "{told}");
    assert_eq!(on(&report["may_fail"], "c")["seen"], Value::Null, "no row has NULL");
    assert_eq!(sqlstate(&report["may_fail"], "c.code"), "22001");
    assert!(NULL.contains(&sqlstate(&report["may_fail"], "hidden")), "{told}");
    let told = told
        .says(&["note: hidden is tested with invented rows: permission denied for table hidden\n"]);
    assert!(!format!("{told}").contains("long secret"), "{told}");
    project
        .ends(2, &["diff", "from.sql", "to.sql", "--prove", "--sample", "--dev-url", server_url()])
        .says(&["--sample needs a database, and none is configured"]);
}

#[test]
fn a_revision_says_what_it_may_break_and_is_written_all_the_same() {
    let schema = |columns: &str| {
        format!("[tables.t]\nprimary_key = [\"id\"]\n[tables.t.columns]\nid = \"int\"\n{columns}")
    };
    let project = Project::new(&schema("n = \"int?\"\nnote = \"text\""));
    let run = |more: &[&str]| {
        let first = [
            "revision",
            "--autogenerate",
            "--allow",
            "data-loss",
            "-m",
            "x",
            "--dev-url",
            server_url(),
        ];
        project.ends(0, &[&first[..], more].concat())
    };
    let first = run(&["--rev-id", "a1"]);
    assert_eq!(first.stderr, "", "there is nothing that could have rows");
    project.write("schema.toml", &schema("n = \"int\"\nm = \"int?\""));
    let second = run(&["--rev-id", "b2", "--format", "json"]);
    let report = second.json();
    let up = report["up"].as_str().unwrap();
    let line = |at: &Value| {
        project
            .read(up)
            .lines()
            .nth(usize::try_from(at.as_u64().unwrap()).unwrap() - 1)
            .unwrap()
            .to_owned()
    };
    let fails = on(&report["may_fail"], "t");
    assert!(line(&fails["line"]).starts_with("ALTER TABLE t "), "{second}");
    assert!(NULL.contains(&fails["seen"]["sqlstate"].as_str().unwrap()), "{second}");
    let loses = on(&report["loses"], "t.note");
    assert!(line(&loses["line"]).contains("DROP COLUMN note"), "{second}");
    // The way back adds a column without a default, which rows are in the way of.
    let down = report["down"].as_str().unwrap();
    let of_down = report["may_fail"].as_array().unwrap().iter().find(|it| it["file"] == down);
    assert!(NULL.contains(&of_down.unwrap()["seen"]["sqlstate"].as_str().unwrap()), "{second}");
    second.says(&[
        &format!("may fail: {up}:"),
        &format!("may fail: {down}:"),
        &format!("loses: {up}:"),
    ]);
}

/// After a refusal the tables are filled again, and the triggers that the revision has made by then see to it
/// that a second column has its values.
#[test]
fn one_refusal_does_not_make_the_copy_of_a_column_fail() {
    let schema = |id: &str, n: &str| {
        format!("[tables.t.columns]\nid = {{ type = {id}, primary_key = true }}\nn = \"{n}\"\n")
    };
    let project = Project::new(&schema("\"int\"", "int?"));
    let run = |id: &str| {
        let dev = server_url();
        let arguments = [
            "revision",
            "--autogenerate",
            "--allow",
            "data-loss",
            "-m",
            id,
            "--rev-id",
            id,
            "--format",
            "json",
        ];
        project.ends(0, &[&arguments[..], &["--dev-url", dev]].concat()).json()
    };
    run("a1");
    project.write("schema.toml", &schema("\"bigint\", on_change = \"expand\"", "int"));
    let report = run("b2");
    let found = report["may_fail"].as_array().unwrap().iter();
    let seen: Vec<&str> = found.filter_map(|it| it["seen"]["message"].as_str()).collect();
    assert_eq!(
        seen,
        ["check constraint \"t_n_not_null_check\" of relation \"t\" is violated by some row"]
    );
}
