//! `--sql`: the script, given to psql, does what the run does.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use crate::project::Project;
use crate::support::{TestDatabase, block_on};

/// Where psql is.
pub(crate) fn psql_program() -> String {
    static BIN: OnceLock<String> = OnceLock::new();
    let bin = BIN.get_or_init(|| {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/postgres");
        let output = Command::new(script).arg("bin").output().expect("scripts/postgres runs");
        String::from_utf8(output.stdout).expect("UTF-8").trim().to_owned()
    });
    format!("{bin}/psql")
}

/// Runs a script as a DBA does.
pub(crate) fn psql(database: &TestDatabase, script: &str) -> (Option<i32>, String) {
    psql_at(&database.url(), script)
}

/// The same where a URL says which database.
pub(crate) fn psql_at(url: &str, script: &str) -> (Option<i32>, String) {
    let mut child = Command::new(psql_program())
        .args(["-X", "-q", "-d", url])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("psql starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(script.as_bytes()).expect("psql reads");
    drop(stdin);
    let output = child.wait_with_output().expect("psql ends");
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    (output.status.code(), said.into_owned())
}

/// Everything of the ledger but times, people and OIDs.
pub(crate) fn ledger(database: &TestDatabase) -> Vec<String> {
    let sql = "SELECT it::text FROM (SELECT id, parents, message, checksum, chain, state, \
               segments_done, segments, segment_open, done_digest, fingerprint, tool_version \
               FROM aludel.revision ORDER BY id) AS it \
               UNION ALL SELECT it::text FROM (SELECT action, revision, sqlstate, \
               regexp_replace(detail, '\"(relation|before)\": [^\"]*', '', 'g'), tool_version FROM aludel.event ORDER BY id) AS it";
    block_on(async {
        let rows = database.connect().await.query(sql, &[]).await.expect("a ledger");
        rows.iter().map(|it| it.get(0)).collect()
    })
}

/// The schema, by the tool's own eyes.
fn schema(project: &Project, database: &TestDatabase) -> String {
    project.ends(0, &["pull", &database.url()]).stdout
}

/// A project whose SQL has everything that could be rendered wrongly.
fn strange() -> Project {
    let project = Project::new("");
    project.revision(
        "a",
        "",
        "CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY, name text, tags text[]);",
        Some("DROP TABLE t;"),
    );
    project.revision(
        "b",
        "a",
        "SET lock_timeout = '1s';\n\
         CREATE FUNCTION f() RETURNS text LANGUAGE plpgsql AS $a$ BEGIN\n\
           RETURN ':USER \\d 100%'; END $a$;\n\
         INSERT INTO t (name, tags) VALUES (E'a\\'b\\\\c 50% :DBNAME', ARRAY['x', 'y', '\\']);\n\
         -- An index, built: without a lock\n\
         CREATE INDEX CONCURRENTLY t_name ON t (name);\n\
         UPDATE t SET tags = (SELECT tags[1:DBNAME] FROM (SELECT 2 AS dbname) AS it);\n\
         ALTER TABLE t ADD CHECK (name::text <> ':x');",
        Some(
            "ALTER TABLE t DROP CONSTRAINT t_name_check;\nDROP INDEX CONCURRENTLY t_name;\n\
             DROP FUNCTION f();\nDELETE FROM t;",
        ),
    );
    project.revision("c", "b", "CREATE TYPE e AS ENUM ('a');", Some("DROP TYPE e;"));
    project
}

#[test]
fn psql_does_what_the_run_does() {
    let project = strange();
    let (run, piped) = (TestDatabase::create("run"), TestDatabase::create("piped"));
    project.ends(0, &["upgrade", "--url", &run.url()]);
    let script = project.ends(0, &["upgrade", "--sql"]).stdout;
    assert_eq!(psql(&piped, &script), (Some(0), String::new()));
    assert_eq!(ledger(&piped), ledger(&run));
    assert_eq!(schema(&project, &piped), schema(&project, &run));
    let before = ledger(&piped);
    assert_eq!(psql(&piped, &script), (Some(0), String::new()), "the second time");
    assert_eq!(ledger(&piped), before);
    project.ends(0, &["diff", "migrations", &piped.url(), "--exit-code"]);

    project.ends(0, &["downgrade", "--allow", "data-loss", "base", "--url", &run.url()]);
    let script = project.ends(0, &["downgrade", "--allow", "data-loss", "--sql", "c:base"]).stdout;
    assert_eq!(psql(&piped, &script), (Some(0), String::new()));
    assert_eq!(psql(&piped, &script), (Some(0), String::new()), "the second time");
    assert_eq!(ledger(&piped), ledger(&run));
    assert_eq!(schema(&project, &piped), schema(&project, &run));
}

#[test]
fn a_script_begins_where_the_database_is() {
    let project = strange();
    let database = TestDatabase::create("begins");
    let url = database.url();
    project.ends(0, &["upgrade", "a", "--url", &url]);
    let script = project.ends(0, &["upgrade", "b", "--sql", "--url", &url]).stdout;
    assert!(!script.contains("CREATE TABLE t ("), "{script}");
    assert_eq!(psql(&database, &script), (Some(0), String::new()));
    project.ends(0, &["current", "--url", &url]).says(&["b\n"]);
    let script = project
        .ends(0, &["downgrade", "--allow", "data-loss", "-1", "--sql", "--url", &url])
        .stdout;
    assert_eq!(psql(&database, &script), (Some(0), String::new()));
    project.ends(0, &["current", "--url", &url]).says(&["a\n"]);
    project
        .ends(2, &["downgrade", "--sql", "a"])
        .says(&["needs the current revision of the database", "FROM:TO"]);
    project.ends(2, &["upgrade", "a:b"]).says(&["is a range"]);
    project.ends(0, &["upgrade", "--sql", "c:", "--url", &url]).says(&["nothing to do"]);
}

#[test]
fn a_script_stops_where_something_is_missing() {
    let project = strange();
    let database = TestDatabase::create("stops");
    let script = project.ends(0, &["upgrade", "--sql", "a:c"]).stdout;
    let (status, said) = psql(&database, &script);
    assert_eq!(status, Some(3), "{said}");
    assert!(said.contains("revision b needs a, which this database does not have"), "{said}");
}

#[test]
fn a_script_goes_on_where_it_was_interrupted() {
    let project = strange();
    let database = TestDatabase::create("goes_on");
    let script = project.ends(0, &["upgrade", "--sql"]).stdout;
    // Two rows of the same name, so that the check after the index fails.
    let broken = script.replace("CHECK (name::text <> ':x')", "CHECK (name IS NULL)");
    let (status, said) = psql(&database, &broken);
    assert_eq!(status, Some(3), "{said}");
    project.ends(1, &["status", "--url", &database.url()]).says(&["2 of 3 parts done"]);
    assert_eq!(psql(&database, &script), (Some(0), String::new()));
    project.ends(0, &["diff", "migrations", &database.url(), "--exit-code"]);
}
