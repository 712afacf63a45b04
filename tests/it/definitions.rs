//! What is declared by the SQL that makes it, put to PostgreSQL.

use std::fmt::Write as _;

use crate::project::{Outcome, Project};
use aludel::catalog::{Scope, introspect};
use aludel::diagnostic::SourceFile;
use aludel::diff::{diff, equal};
use aludel::model::provided::Provided;
use aludel::report::snippet;
use aludel::schema_toml;
use aludel::workspace::declare::wanted_versions;

use crate::support::{TestDatabase, block_on, server_url};

/// What `pull` says of a declaration.
#[track_caller]
fn pull(project: &Project, status: i32) -> Outcome {
    project.ends(status, &["pull", "schema.toml", "--dev-url", server_url()])
}

#[test]
fn a_definition_that_makes_something_else_is_a_mistake() {
    let project = Project::new(
        "[functions]\n\
         \"f(integer)\" = \"CREATE FUNCTION f(a text) RETURNS text LANGUAGE sql AS 'SELECT $1'\"\n\
         \"g()\" = \"CREATE FUNCTION g() RETURNS text LANGUAGE sql AS $$ SELECT 'a' $$\"\n\
         [views]\n\
         v = \"CREATE VIEW w AS SELECT 1 AS a\"\n",
    );
    pull(&project, 2).says(&[
        "error: the definition does not create function f(integer)\n --> schema.toml:2:1",
        "the definition creates function f(text)",
        "error: the definition does not create view v\n --> schema.toml:5:1",
        "the definition creates view w",
    ]);
}

/// As in the output of pg_dump: what is named is looked for when the routine is called.
#[test]
fn what_the_text_of_a_routine_names_need_not_be_there() {
    let function = |query: &str| {
        format!(
            "[functions]\n\"f()\" = \"CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS '{query}'\"\n\
             [views]\nlate = \"SELECT f() AS number\"\n[tables.things]\ncolumns.id = \"integer\"\n"
        )
    };
    for table in ["things", "late", "nothing"] {
        let schema = function(&format!("SELECT count(*) FROM {table}"));
        pull(&Project::new(&schema), 0).says(&["[views]\nlate = "]);
    }
    pull(&Project::new(&function("SELECT FROM WHERE")), 2)
        .says(&["PostgreSQL rejects function f(): syntax error at or near", "2:1"]);
}

#[test]
fn files_are_relative_to_the_file_that_names_them() {
    let project = Project::new("include = [\"parts/*.toml\"]\n");
    std::fs::create_dir_all(project.path("parts/sql")).expect("a folder");
    project.write("parts/views.toml", "[views]\nv.file = \"sql/v.sql\"\n");
    pull(&project, 2)
        .says(&["error: cannot read the file `parts/sql/v.sql`\n --> parts/views.toml:2:10"]);
    project.write("parts/sql/v.sql", "CREATE TABLE v ();\n");
    pull(&project, 2).says(&["must begin with CREATE VIEW", "parts/sql/v.sql:1:1"]);
    project.write("parts/sql/v.sql", "-- The first.\n\nCREATE VIEW v AS SELECT a;\n");
    pull(&project, 2).says(&["column \"a\" does not exist", "parts/sql/v.sql:3:1"]);
    project.write("parts/sql/v.sql", "-- The first.\nCREATE OR REPLACE VIEW v AS SELECT 1 AS a;\n");
    pull(&project, 0).says(&["[views]\nv = \"SELECT 1 AS a\"\n"]);
}

/// As many tries as there are views would be as many round trips squared.
#[test]
fn a_long_chain_of_views_takes_one_try() {
    let mut schema = "[views]\n".to_owned();
    for number in 0..300 {
        writeln!(schema, "v{number} = \"SELECT a FROM v{}\"", number + 1).expect("a string");
    }
    schema.push_str("v300 = \"SELECT 1 AS a\"\n");
    let started = std::time::Instant::now();
    pull(&Project::new(&schema), 0);
    assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
}

/// As long as the two agree in every letter, `check` need not start an engine.
#[test]
fn what_is_written_reads_as_it_was_in_the_catalog() {
    let database = TestDatabase::create("everything");
    database.execute(include_str!("stranger/everything.sql"));
    let snapshot = block_on(async {
        let mut client = database.connect().await;
        introspect(&mut client, &Scope::default()).await
    });
    let mut schema = snapshot.expect("a snapshot").schema;
    wanted_versions(&mut schema, None);
    let file = [SourceFile::new("schema.toml", schema_toml::write(&schema, &Provided::default()))];
    let declaration = schema_toml::parse(&file).unwrap_or_else(|problems| {
        panic!("{}\n{}", snippet::render(&problems, &file, false), file[0].text)
    });
    let mut wrong = String::new();
    for change in diff(&schema, &declaration.schema) {
        writeln!(wrong, "{change:#?}").expect("a string");
    }
    assert!(wrong.is_empty() && equal(&schema, &declaration.schema), "{wrong}");
}

/// A text may come from anybody: it reads nothing beside the project, and shows nothing of it.
#[cfg(unix)]
#[test]
fn what_a_declaration_names_stays_inside_of_the_project() {
    let outside = tempfile::tempdir().unwrap();
    let secret = outside.path().join("secret.toml");
    std::fs::write(&secret, "password = 'hunter2'\n").unwrap();
    let project = Project::new("");
    let refused = |reason: &str| {
        let told = project.ends(2, &["check"]).says(&[reason]);
        assert!(!told.stderr.contains("hunter2"), "{told}");
    };
    let include = |path: &str| project.write("schema.toml", &format!("include = [\"{path}\"]\n"));
    let elsewhere = "it is outside of the project directory";
    include(&secret.display().to_string());
    refused(elsewhere);
    include("/dev/zero");
    refused(elsewhere);
    std::os::unix::fs::symlink(&secret, project.path("linked.toml")).unwrap();
    include("linked.toml");
    refused(elsewhere);
    std::os::unix::fs::symlink(&secret, project.path("linked.sql")).unwrap();
    project.write("schema.toml", "[views]\nv = { file = \"linked.sql\" }\n");
    refused(elsewhere);
    let pipe = project.path("pipe.toml");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    include("pipe.toml");
    refused("it is not a regular file");
}
