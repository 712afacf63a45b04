//! `check` on a real server: what was changed by hand is named.

use std::sync::OnceLock;

use super::project::Project;
use super::support::{TestDatabase, server_url};

const SCHEMA: &str = r#"
[extensions]
vector = "*"

[tables.documents]
primary_key = ["id"]

[tables.documents.columns]
id         = { type = "uuid", default = "gen_random_uuid()" }
content    = "text"
status     = { type = "text", default = "'draft'" }
embedding  = "vector(1536)?"

[tables.documents.indexes.documents_embedding_idx]
method  = "hnsw"
columns = [{ name = "embedding", metric = "cosine" }]
with    = { m = 16, ef_construction = 64 }

[tables.documents.indexes.documents_status_idx]
columns = ["status"]
where   = "status <> 'archived'"

[tables.documents.checks]
documents_content_not_empty = "length(content) > 0"
"#;

/// The project that most tests share: one generated revision, and the cache warm.
fn documents() -> &'static Project {
    static PROJECT: OnceLock<Project> = OnceLock::new();
    PROJECT.get_or_init(|| {
        let project = Project::new(SCHEMA);
        let arguments =
            ["revision", "--autogenerate", "-m", "add documents", "--rev-id", "3f2a9c01d7e4"];
        project.ends(0, &arguments);
        project
    })
}

/// The server with the shared project applied, changed by hand: `check` names it, as text and JSON.
#[track_caller]
fn check(hint: &str, sql: &str, expected: &str) {
    let project = documents();
    let database = TestDatabase::create(hint);
    let url = database.url();
    project.ends(0, &["upgrade", "--url", &url]);
    database.execute(sql);
    let status = i32::from(!expected.starts_with("schema.toml"));
    let told = project.ends(status, &["check", "--url", &url]);
    assert_eq!(told.stdout, expected, "{told}");
    let told = project.ends(status, &["check", "--url", &url, "--format", "json"]).json();
    let findings = told["findings"].as_array().expect("findings");
    assert_eq!(findings.is_empty(), status == 0, "{told}");
    for finding in findings {
        assert_eq!(finding["kind"], "drift");
        assert!(expected.contains(finding["message"].as_str().expect("a message")), "{finding}");
    }
}

const AGREE: &str = "schema.toml, the migrations and the database agree\n";

#[test]
fn nothing_was_changed() {
    let project = documents();
    let up = std::fs::read_dir(project.path("migrations")).unwrap().flatten();
    let up = up.map(|it| it.path()).find(|it| it.to_string_lossy().ends_with(".up.sql")).unwrap();
    let up = std::fs::read_to_string(up).unwrap();
    assert!(up.contains("embedding vector(1536)"), "{up}");
    let index = "USING hnsw (embedding vector_cosine_ops) WITH (m = 16, ef_construction = 64)";
    assert!(up.contains(index), "{up}");
    check("nothing", "SELECT 1", AGREE);
}

#[test]
fn another_operator_class() {
    check(
        "opclass",
        "DROP INDEX documents_embedding_idx;
         CREATE INDEX documents_embedding_idx ON documents
             USING hnsw (embedding vector_l2_ops) WITH (m = 16, ef_construction = 64)",
        "drift: index documents_embedding_idx differs between the database and the \
         migrations\n\x20   operator class: vector_l2_ops in the database, vector_cosine_ops in \
         the migrations\n1 finding\n",
    );
}

#[test]
fn another_m() {
    check(
        "m",
        "DROP INDEX documents_embedding_idx;
         CREATE INDEX documents_embedding_idx ON documents
             USING hnsw (embedding vector_cosine_ops) WITH (m = 24, ef_construction = 64)",
        "drift: index documents_embedding_idx differs between the database and the \
         migrations\n\x20   m: 24 in the database, 16 in the migrations\n1 finding\n",
    );
}

#[test]
fn a_dropped_index() {
    check(
        "dropped_index",
        "DROP INDEX documents_embedding_idx",
        "drift: index documents_embedding_idx is missing from the database\n1 finding\n",
    );
}

#[test]
fn an_invalid_index() {
    check(
        "invalid",
        "UPDATE pg_index SET indisvalid = false
         WHERE indexrelid = 'documents_embedding_idx'::regclass",
        "drift: index documents_embedding_idx differs between the database and the \
         migrations\n\x20   the index is INVALID: its build was interrupted or failed, and no \
         query uses it\n1 finding\n",
    );
}

#[test]
fn a_vector_without_its_dimensions() {
    check(
        "dimensions",
        "DROP INDEX documents_embedding_idx;
         ALTER TABLE documents ALTER embedding TYPE vector",
        "drift: column documents.embedding differs between the database and the migrations\n\x20   \
         type: vector in the database, vector(1536) in the migrations\ndrift: index \
         documents_embedding_idx is missing from the database\n2 findings\n",
    );
}

#[test]
fn a_changed_default() {
    check(
        "default",
        "ALTER TABLE documents ALTER status SET DEFAULT 'new'",
        "drift: column documents.status differs between the database and the migrations\n\x20   \
         default: 'new'::text in the database, 'draft'::text in the migrations\n1 finding\n",
    );
}

#[test]
fn a_changed_check() {
    check(
        "check",
        "ALTER TABLE documents DROP CONSTRAINT documents_content_not_empty,
             ADD CONSTRAINT documents_content_not_empty CHECK (length(content) > 1)",
        "drift: constraint documents_content_not_empty on documents differs between the database \
         and the migrations\n\x20   expression: length(content) > 1 in the database, \
         length(content) > 0 in the migrations\n1 finding\n",
    );
}

#[test]
fn a_changed_predicate() {
    check(
        "predicate",
        "DROP INDEX documents_status_idx;
         CREATE INDEX documents_status_idx ON documents (status) WHERE status <> 'gone'",
        "drift: index documents_status_idx differs between the database and the migrations\n\x20   \
         predicate: status <> 'gone'::text in the database, status <> 'archived'::text in the \
         migrations\n1 finding\n",
    );
}

#[test]
fn an_extra_table() {
    check(
        "extra_table",
        "CREATE TABLE extra (id bigint PRIMARY KEY, x text)",
        "drift: table extra is in the database, but no revision creates it\n\
         1 finding\n",
    );
}

#[test]
fn an_extra_namespace_is_not_ours() {
    check("extra_namespace", "CREATE SCHEMA theirs; CREATE TABLE theirs.t (id bigint)", AGREE);
}

#[test]
fn a_comment() {
    check(
        "comment",
        "COMMENT ON COLUMN documents.content IS 'the text'",
        "drift: column documents.content differs between the database and the migrations\n\x20   \
         comment: the text in the database, none in the migrations\n1 finding\n",
    );
}

#[test]
fn declared_and_not_built() {
    let project = Project::new(SCHEMA);
    let told = project.ends(1, &["check"]);
    let expected = "pending: extension vector is declared in schema.toml, but no revision creates it\n\
                    pending: table documents is declared in schema.toml, but no revision creates it\n\
                    2 findings\n";
    assert_eq!(told.stdout, expected);
    told.says(&[
        "hint: pending: write the missing revision with `aludel revision --autogenerate`\n",
    ]);
}

#[test]
fn what_the_ledger_knows() {
    let project = Project::new("[tables.a.columns]\nid = \"bigint\"\n");
    project.revision("a1", "", "CREATE TABLE a (id bigint NOT NULL);", Some("DROP TABLE a;"));
    project.revision("b1", "a1", "SELECT 1;", None);
    let database = TestDatabase::create("ledger");
    let url = database.url();
    project.ends(0, &["upgrade", "a1", "--url", &url]);
    let told = project.ends(1, &["check", "--url", &url]);
    assert_eq!(told.stdout, "unapplied: revision b1 (revision b1) is not applied\n1 finding\n");

    project.revision("c1", "a1", "SELECT 1;", None);
    let told = project.ends(1, &["check", "--url", &url]);
    assert!(told.stdout.starts_with("heads: there are several heads: b1, c1\n"), "{told}");
    // What is pending cannot be written before they are joined.
    project.write("schema.toml", "[tables.a.columns]\nid = \"bigint\"\nn = \"text\"\n");
    let told = project.ends(1, &["check", "--url", &url]);
    let told = told.says(&["pending: column a.n", "`aludel merge heads`"]);
    assert!(!told.stderr.contains("--autogenerate"), "{told}");
    project.write("schema.toml", "[tables.a.columns]\nid = \"bigint\"\n");
    project.ends(2, &["upgrade", "--url", &url]).says(&[
        "error: there are several heads: `b1`, `c1`\nhint: give one of them, `BRANCH@head`, or \
         `heads` for all; to join them: `aludel merge heads`\n",
    ]);
    std::fs::remove_file(project.path("migrations/c1.up.sql")).unwrap();
    project.ends(0, &["upgrade", "--url", &url]);
    project.ends(0, &["check", "--url", &url]);

    // Edited after it was applied.
    let up = project.read("migrations/a1.up.sql");
    project.write("migrations/a1.up.sql", &format!("{up}SELECT 2;\n"));
    project.revision("d1", "b1", "SELECT 1;", None);
    let told = project.ends(1, &["upgrade", "--url", &url]);
    assert_eq!(told.stdout, "");
    let told = told.says(&[
        "error: the ledger and the revision files disagree; nothing was run\n",
        "migrations/a1.up.sql: revision `a1` was edited after it was applied: its statements \
         differ (applied ",
    ]);
    assert!(!told.stderr.contains("applying"), "{told}");
    project
        .ends(1, &["check", "--url", &url])
        .says(&["files: migrations/a1.up.sql: revision `a1`"]);
    project.write("migrations/a1.up.sql", &up);

    // Gone after it was applied: what it built cannot be judged.
    std::fs::remove_file(project.path("migrations/d1.up.sql")).unwrap();
    std::fs::remove_file(project.path("migrations/b1.up.sql")).unwrap();
    let told = project.ends(1, &["check", "--url", &url]);
    let expected =
        "files: revision `b1` (revision b1) is applied, but its file is missing\n1 finding\n";
    assert_eq!(told.stdout, expected);
    told.says(&["not compared with the migrations: the files of revision b1 are missing"]);
    project.ends(1, &["upgrade", "--url", &url]).says(&["its file is missing"]);
}

#[test]
fn a_database_from_the_environment_and_what_is_left_out() {
    let project = documents();
    let database = TestDatabase::create("environment");
    project.ends(0, &["upgrade", "--url", &database.url()]);
    database.execute(
        "CREATE TABLE spatial_ref_sys (id int); CREATE SCHEMA theirs; CREATE TABLE theirs.t ()",
    );
    let check = |settings: &str| {
        let file = project.path(format!("settings-{}.toml", settings.len()));
        std::fs::write(&file, settings).unwrap();
        let mut command = project.command(&["check", "--config", file.to_str().unwrap()]);
        command.env("DATABASE_URL", database.url());
        super::project::Outcome::of(command)
    };
    let told = check("").ended(1);
    assert!(told.stdout.starts_with("drift: table spatial_ref_sys is in the database"), "{told}");
    assert_eq!(check("[database]\nexclude = ['spatial_*']\n").ended(0).stdout, AGREE);
    let told = check("[database]\nexclude = ['spatial_*']\nnamespaces = ['public', 'theirs']\n");
    told.ended(1).says(&["drift: table theirs.t is in the database"]);
}

/// Two runs at the same moment: one applies, the other finds nothing to do.
#[test]
fn fifty_races() {
    let project = Project::new("");
    project.revision("a1", "", "CREATE TABLE a (id bigint); INSERT INTO a VALUES (1);", None);
    project.revision("b1", "a1", "CREATE INDEX CONCURRENTLY a_id ON a (id);", None);
    let database = TestDatabase::create("race");
    let url = database.url();
    for race in 0..50 {
        database.execute("DROP SCHEMA IF EXISTS aludel CASCADE; DROP TABLE IF EXISTS a");
        let start = || {
            let mut command = project.command(&["upgrade", "--url", &url]);
            command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
            command.spawn().expect("the program starts")
        };
        let mut told: Vec<String> = [start(), start()]
            .into_iter()
            .map(|it| {
                let output = it.wait_with_output().expect("the program ends");
                let said = String::from_utf8_lossy(&output.stderr).into_owned();
                assert!(output.status.success(), "race {race}: {said}");
                String::from_utf8(output.stdout).expect("UTF-8")
            })
            .collect();
        told.sort_unstable();
        assert!(told[0].starts_with("applied a1 revision a1"), "race {race}: {told:?}");
        assert_eq!(told[0].lines().count(), 2, "race {race}: {told:?}");
        assert_eq!(told[1], "nothing to do: the database is up to date\n", "race {race}");
    }
}

/// Where nothing differs no engine is started: here it could not be.
#[test]
fn the_short_way() {
    let project = Project::new(SCHEMA);
    project.ends(0, &["revision", "--autogenerate", "-m", "add documents"]);
    let database = TestDatabase::create("short_way");
    let url = database.url();
    project.ends(0, &["upgrade", "--url", &url]);
    project.write(".aludel/cache/pglite-oxide", "a file where the engine wants a folder");
    let run = |arguments: &[&str]| {
        let mut command = project.command(arguments);
        command.env("HOME", "/dev/null").env_remove("XDG_CACHE_HOME");
        super::project::Outcome::of(command)
    };
    run(&["diff", "empty", "live", "--url", &url]).ended(0);
    run(&["check", "--url", &url]).ended(0).says(&[AGREE]);
    run(&["check"]).ended(0);
    project.write("other.toml", "[tables.x.columns]\nid = \"bigint\"\n");
    run(&["diff", "empty", "other.toml"]).ended(3).says(&["where the embedded PostgreSQL is \
                                                           unpacked"]);
}

#[test]
fn revisions_must_go_there_and_back() {
    let project = Project::new("");
    project.revision("a", "", "CREATE TABLE t (id int);", Some("DROP TABLE t;"));
    project.revision(
        "b",
        "a",
        "CREATE TABLE u (id int); CREATE TYPE e AS ENUM ();",
        Some("DROP TABLE u;"),
    );
    project.revision("c", "b", "ALTER TABLE t ADD n int;", Some("ALTER TABLE t DROP m;"));
    project.revision("d", "c", "ALTER TABLE t ADD m int;", Some("ALTER TABLE t DROP m;"));
    project.revision("e", "d", "DROP TABLE u;", None);
    project.allow("e", "table u");
    project.ends(0, &["pull", "migrations", "-o", "schema.toml"]);
    let said = project.ends(1, &["check"]).says(&[
        "revisions: the downgrade of revision b (revision b) does not restore the previous schema\n",
        "    not restored: drop enum e\n",
        "revisions: revision b (revision b) cannot be re-applied after its downgrade\n",
        "type \"e\" already exists",
        "revisions: the downgrade of revision c (revision c) fails\n",
        "column \"m\" of relation \"t\" does not exist",
        "3 findings\n",
        "fix the down file",
    ]);
    assert!(!said.stdout.contains("revision d"), "{said}");
    project.revision(
        "b",
        "a",
        "CREATE TABLE u (id int); CREATE TYPE e AS ENUM ();",
        Some("DROP TABLE u; DROP TYPE e;"),
    );
    project.revision("c", "b", "ALTER TABLE t ADD n int;", None);
    project.ends(1, &["check"]).says(&["the downgrade of revision c (revision c) fails"]);
    std::fs::remove_file(project.path("migrations/c.down.sql")).unwrap();
    project.ends(0, &["check"]);
    project.ends(0, &["check"]).says(&["agree"]);
    project.write(
        "schema.toml",
        &(project.read("schema.toml") + "\n[tables.v.columns]\nid = \"int\"\n"),
    );
    project.ends(0, &["revision", "--autogenerate", "-m", "v"]);
    project.ends(0, &["check"]).says(&["agree"]);
}

/// Whatever the catalog that a downgrade leaves it in, it is found; what is written there and says the same is
/// no difference.
#[test]
fn what_a_downgrade_leaves_is_found_wherever_it_is() {
    let project = Project::new("");
    let setup = "CREATE TABLE t (id int PRIMARY KEY, n int); CREATE INDEX t_n ON t (n); CREATE SEQUENCE s; \
                 CREATE VIEW w AS SELECT id FROM t; CREATE DOMAIN d AS int; CREATE TYPE e AS ENUM ('a'); \
                 CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; \
                 CREATE POLICY p ON t; CREATE STATISTICS x ON id, n FROM t";
    project.revision("first", "", setup, None);
    let left = [
        ("COMMENT ON SCHEMA public IS 'ours'", "schema public"),
        ("COMMENT ON TABLE t IS 'ours'", "table t"),
        ("COMMENT ON COLUMN t.n IS 'ours'", "column t.n"),
        ("ALTER TABLE t ALTER n SET DEFAULT 3", "column t.n"),
        ("ALTER TABLE t SET (fillfactor = 50)", "table t"),
        ("ALTER TABLE t ENABLE ROW LEVEL SECURITY", "table t"),
        ("ALTER INDEX t_n SET (fillfactor = 50)", "index t_n"),
        ("ALTER SEQUENCE s OWNED BY t.n", "sequence s"),
        ("ALTER SEQUENCE s INCREMENT 5", "sequence s"),
        ("CREATE OR REPLACE VIEW w AS SELECT id, n FROM t", "view w"),
        ("ALTER DOMAIN d SET NOT NULL", "domain d"),
        ("ALTER TYPE e ADD VALUE IF NOT EXISTS 'b'", "enum e"),
        ("CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 2'", "function f"),
        ("ALTER POLICY p ON t USING (true)", "policy p"),
        ("ALTER STATISTICS x SET STATISTICS 7", "statistics object x"),
        ("CREATE EXTENSION IF NOT EXISTS vector", "extension vector"),
        ("CREATE SCHEMA IF NOT EXISTS z", "schema z"),
    ];
    let mut before = "first".to_owned();
    for (at, (sql, _)) in left.iter().enumerate() {
        let id = format!("r{at}");
        project.revision(&id, &before, &format!("{sql};"), Some("SELECT 1;"));
        before = id;
    }
    let same = "DROP VIEW w; CREATE VIEW w AS SELECT id, n FROM t;";
    project.revision("same", &before, same, Some(same));
    let scratch = ["--dev-url", server_url()];
    let pull = ["pull", "migrations", "-o", "schema.toml"];
    project.ends(0, &[&pull[..], &scratch].concat());
    let said = project.ends(1, &[&["check"], &scratch[..]].concat());
    for (at, (sql, object)) in left.iter().enumerate() {
        let (_, rest) = said
            .stdout
            .split_once(&format!("downgrade of revision r{at} "))
            .unwrap_or_else(|| panic!("{sql}: not found\n{said}"));
        let found = rest.lines().nth(1).unwrap_or_default();
        assert!(found.contains(object), "{sql}: {found}\n{said}");
    }
    assert!(!said.stdout.contains("revision same"), "{said}");
}

/// Whoever cannot reach the database hears it before the revisions are tried.
#[test]
fn a_database_that_is_not_there_is_said_first() {
    let project = Project::new("[tables.t.columns]\nid = \"integer\"\n");
    project.ends(3, &["check", "--url", "postgres://127.0.0.1:1/x"]).says(&["127.0.0.1:1"]);
    assert!(!project.path(".aludel/cache").exists());
}
