//! `review`, `explain`, `rehearse` and `graph`, as they are called.

use std::process::Stdio;

use super::project::{Outcome, Project};
use super::support::{TestDatabase, server_url};

const INIT: &str = "CREATE TABLE docs (id bigint PRIMARY KEY, title text, note text);\n";

/// The program, with scratch databases on the test server.
#[track_caller]
fn review(project: &Project, status: i32, arguments: &[&str]) -> Outcome {
    let dev = ["--dev-url", server_url(), "--dev-disposable"];
    project.ends(status, &[arguments, &dev].concat())
}

#[track_caller]
fn review_input(project: &Project, status: i32, input: &str, arguments: &[&str]) -> Outcome {
    project.write("input", input);
    let dev = ["--dev-url", server_url(), "--dev-disposable"];
    let mut command = project.command(&[&["review", "-"], arguments, &dev[..]].concat());
    command.stdin(Stdio::from(std::fs::File::open(project.path("input")).unwrap()));
    Outcome::of(command).ended(status)
}

fn with_docs() -> Project {
    let project = Project::new("");
    project.revision("a1", "", INIT, Some("DROP TABLE docs;"));
    project
}

#[test]
fn standard_input_runs_after_the_revisions() {
    let project = with_docs();
    let told = review_input(&project, 1, "ALTER TABLE docs DROP COLUMN note;\n", &["--verbose"]);
    told.says(&[
        "-:1:",
        "error[drop-column]",
        "ACCESS EXCLUSIVE on table docs",
        "loses column docs.note",
    ]);
    let told = review_input(&project, 0, "CREATE TABLE other (id bigint PRIMARY KEY);\n", &[]);
    told.says(&["1 statement in 1 file: 1 measured"]);
    review_input(&project, 0, "", &[]).says(&["no hazards"]);
    review_input(&project, 2, "SELECT 'x", &[]).says(&["-:1: unterminated"]);
}

/// What a review prepares, a file may take away.
#[test]
fn what_ends_prepared_statements_is_measured_too() {
    let project = with_docs();
    let comments = "COMMENT ON TABLE docs IS 'x';\n".repeat(6);
    for ends in ["DISCARD ALL;", "DEALLOCATE ALL;", "DO $$ BEGIN EXECUTE 'DEALLOCATE ALL'; END $$;"]
    {
        let sql =
            format!("{comments}{ends}\nSELECT 1;\n{comments}ALTER TABLE docs ADD more text;\n");
        let told = review_input(&project, 0, &sql, &["--verbose"]);
        told.says(&["15 statements in 1 file: 15 measured"]);
    }
}

#[test]
fn what_is_allowed_is_no_reason_to_fail() {
    let project = with_docs();
    let drop = "ALTER TABLE docs DROP COLUMN note;\n";
    let allowed = "-- aludel: allow drop-column, drop-column-collateral nobody reads it\n";
    review_input(
        &project,
        0,
        &format!("{allowed}{drop}"),
        &["--allow", "lock-*", "--allow", "unused-*"],
    );
    review_input(&project, 0, drop, &["--allow", "drop-column"]).says(&["1 allowed"]);
    project.write("aludel.toml", "[review]\nallow = [\"drop-column\"]\n");
    review_input(&project, 0, drop, &[]);
    review_input(&project, 1, drop, &["--deny", "drop-column"]);
    review_input(
        &project,
        1,
        "COMMENT ON TABLE docs IS 'x';\nSELECT 1;\nALTER TABLE docs ADD a int;",
        &["--deny", "*"],
    );
    review_input(&project, 2, drop, &["--allow", "drop-colum"])
        .says(&["did you mean `drop-column`"]);
    project.write("aludel.toml", "[review]\nallow = \"drop-column\"\n");
    review_input(&project, 2, drop, &[]).says(&["aludel.toml"]);
}

#[test]
fn revisions_are_reviewed_after_those_before_them() {
    let project = with_docs();
    project.revision("b2", "a1", "CREATE INDEX docs_title ON docs (title);", None);
    project.revision("c3", "b2", "UPDATE docs SET title = 'x';", None);
    let told = review(&project, 1, &["review", "b2"]).says(&["error[index-not-concurrent]"]);
    assert!(!told.stdout.contains("c3.up.sql"), "{told}");
    let told = review(&project, 1, &["review", "a1:"]).says(&["2 statements in 2 files"]);
    assert!(!told.stdout.contains("a1.up.sql"), "{told}");
    review(&project, 1, &["review"]).says(&["3 statements in 3 files"]);
    review(&project, 1, &["review", "migrations/b2.up.sql"]).says(&["1 statement in 1 file"]);
    review(&project, 1, &["review", "migrations/a1.down.sql"]).says(&["error[drop-table]"]);
    review(&project, 1, &["review", "migrations"]).says(&["3 statements in 3 files"]);
    review(&project, 2, &["review", "zz"]).says(&["WHAT is a revision"]);
    review(&project, 2, &["review", "zz.sql"]).says(&["cannot read `zz.sql`"]);
}

#[test]
fn a_folder_that_others_manage() {
    let project = Project::new("");
    std::fs::create_dir_all(project.path("db/V2__more")).unwrap();
    project.write("db/V1__init.sql", INIT);
    project.write("db/V1__init.down.sql", "DROP TABLE docs;");
    project.write(
        "db/V10__late.sql",
        "-- +goose Up\nSELECT count(*) FROM tags;\n-- +goose Down\nDROP TABLE docs;",
    );
    project.write("db/V2__more/up.sql", "CREATE TABLE tags (id bigint PRIMARY KEY);");
    let told = review(&project, 0, &["review", "db", "--verbose"]);
    told.says(&[
        "skipped 1 file, which revert others: V1__init.down.sql",
        "3 statements in 3 files",
    ]);
    project.write("db/V3__bad.sql", "SELECT 1;\nALTER TABLE nothing ADD x int;\nSELECT 2;\n");
    let told = review(&project, 1, &["review", "db", "--verbose"]);
    told.says(&[
        "relation \"nothing\" does not exist",
        "comes after the statement in line 2",
        "V10__late.sql",
    ]);
    std::fs::create_dir_all(project.path("none")).unwrap();
    review(&project, 2, &["review", "none"]).says(&["`none` has no SQL files"]);
}

#[test]
fn rows_in_the_tables_show_what_may_fail() {
    let project = with_docs();
    let told = review_input(
        &project,
        1,
        "ALTER TABLE docs ALTER title SET NOT NULL;\nCREATE UNIQUE INDEX CONCURRENTLY u ON docs (note);\nALTER TABLE docs ADD last int;\n",
        &["--verbose"],
    );
    told.says(&["contains null values", "SHARE UPDATE EXCLUSIVE on table docs", "builds index u"]);
}

#[test]
fn every_format() {
    let project = with_docs();
    let drop = "DROP TABLE docs;\n";
    let json = review_input(&project, 1, drop, &["--format", "json"]).json();
    assert_eq!(json["files"][0]["path"], "-", "{json:#}");
    let sarif = review_input(&project, 1, drop, &["--format", "sarif"]).envelope();
    assert_eq!(sarif["version"], "2.1.0");
    review_input(&project, 1, drop, &["--format", "github"]).says(&["::error file=-,line=1"]);
    review_input(&project, 1, drop, &["--format", "markdown"]).says(&["drop-table"]);
    let told = review_input(&project, 1, drop, &["--format", "html", "--output", "review.html"]);
    assert_eq!(told.stdout, "", "{told}");
    assert!(project.read("review.html").contains("<!"));
    project.ends(2, &["heads", "--format", "sarif"]).says(&["this command has no format sarif"]);
    review_input(&project, 2, drop, &["--output", "no/such/review.txt"]).says(&["cannot write"]);
}

#[test]
fn a_database_says_how_large_its_tables_are() {
    let project = with_docs();
    let database = TestDatabase::create("review");
    let url = database.url();
    project.ends(0, &["upgrade", "--url", &url]);
    project.revision("b2", "a1", "CREATE INDEX docs_title ON docs (title);", None);
    // Nobody waits for an index of nothing.
    review(&project, 0, &["review", "--url", &url]).says(&["table docs: about 0 rows", "1 index"]);
    database.execute("INSERT INTO docs SELECT it, repeat('x', 1000), '' FROM generate_series(1, 30000) it; ANALYZE");
    let told = review(&project, 1, &["review", "pending", "--url", &url]);
    told.says(&["error[index-not-concurrent]", "30000 rows", "table docs: about 30000 rows"]);
    let told =
        review(&project, 1, &["review", "pending", "--url", &url, "--format", "json"]).json();
    assert_eq!(told["database"]["tables"][0]["rows"], 30000, "{told:#}");
    review(&project, 0, &["review", "a1", "--url", "postgres://127.0.0.1:1/x"])
        .says(&["the sizes of the tables are not known"]);
}

#[test]
fn a_rehearsal_runs_on_a_copy_with_its_rows() {
    let project = with_docs();
    let database = TestDatabase::create("original");
    let url = database.url();
    project.ends(0, &["upgrade", "--url", &url]);
    database.execute("INSERT INTO docs SELECT it, 'x', 'y' FROM generate_series(1, 100) it");
    let up = "ALTER TABLE docs DROP COLUMN note;\nDELETE FROM docs WHERE id <= 7;\n";
    project.revision("b2", "a1", up, None);
    project.ends(2, &["rehearse", &url, "--url", &url]).says(&["not a copy of it"]);
    let other = url.replace("127.0.0.1", "localhost");
    project.ends(2, &["rehearse", &other, "--url", &url]).says(&["not a copy of it"]);
    let copy = TestDatabase::copy(&database);
    let told = project.ends(1, &["rehearse", &copy.url(), "--url", &url]);
    told.says(&["took 0.", "loses column docs.note (100 values)", "loses rows of docs (7)"]);
    told_rows(&copy, "93");
    told_rows(&database, "100");
    project.ends(3, &["rehearse", "postgres://127.0.0.1:1/x", "--url", &url]);
}

#[track_caller]
fn told_rows(database: &TestDatabase, rows: &str) {
    database.execute(&format!("DO $$ BEGIN ASSERT (SELECT count(*) FROM docs) = {rows}; END $$"));
}

#[test]
fn rules_are_explained() {
    let project = Project::new("");
    project.ends(0, &["explain"]).says(&["index-not-concurrent", "PV10"]);
    project.ends(0, &["explain", "drop-column"]).says(&["# drop-column"]);
    project.ends(2, &["explain", "drop-colum"]).says(&["did you mean `drop-column`?"]);
    let listed = project.ends(0, &["explain", "--format", "json"]).json();
    assert!(listed.as_array().unwrap().len() > 50, "{listed}");
}

#[test]
fn schemas_are_drawn() {
    let project = Project::new(
        "[tables.docs]\nprimary_key = [\"id\"]\n[tables.docs.columns]\nid = \"bigint\"\n",
    );
    project.write("other.sql", "CREATE TABLE docs (id bigint PRIMARY KEY, title text);");
    review(&project, 0, &["graph"]).says(&["erDiagram", "docs"]);
    review(&project, 0, &["graph", "--format", "dot"]).says(&["digraph", "docs"]);
    review(&project, 0, &["graph", "--format", "svg"]).says(&["<svg", "docs"]);
    review(&project, 0, &["graph", "schema.toml", "other.sql", "--changed"]).says(&["title"]);
    review(&project, 0, &["graph", "schema.toml", "schema.toml", "--changed"]);
}
