//! `check` and the hazards that are denied.

use super::project::{Outcome, Project};
use super::support::{TestDatabase, server_url};

/// A project with a revision that builds an index while writes wait.
fn project() -> Project {
    let project = Project::new("");
    project.revision("a1", "", "CREATE TABLE docs (id bigint PRIMARY KEY, title text);", None);
    project.revision("b2", "a1", "CREATE INDEX docs_title ON docs (title);", None);
    project.ends(0, &["pull", "migrations", "-o", "schema.toml", "--dev-url", server_url()]);
    project
}

#[track_caller]
fn check(project: &Project, status: i32, arguments: &[&str]) -> Outcome {
    project.ends(status, &[&["check", "--dev-url", server_url()], arguments].concat())
}

#[test]
fn a_denied_hazard_is_a_finding() {
    let project = project();
    let told = check(&project, 1, &[]).says(&[
        "hazards: ",
        "b2.up.sql:",
        "[index-not-concurrent]",
        "safer: ",
        "aludel explain CODE",
    ]);
    assert!(!told.stdout.contains("a1.up.sql"), "{told}");
    // What has a finding is not proved, and not taken for reviewed.
    check(&project, 1, &["--write-proofs"]);
    assert!(!project.read("migrations/b2.up.sql").contains("-- Proof:"));
    let found = check(&project, 1, &["--format", "json"]).json();
    let hazard = &found["findings"][0]["hazard"];
    assert_eq!(hazard["code"], "index-not-concurrent");
    assert_eq!(hazard["object"], "docs");
    assert!(hazard["line"].as_u64() > Some(1), "{hazard}");
}

#[test]
fn what_is_allowed_is_none() {
    let project = project();
    project.write("aludel.toml", "[review]\nallow = [\"index-not-concurrent in *b2*\"]\n");
    check(&project, 0, &[]);
    // The verdict that is kept is one by other terms.
    project.write("aludel.toml", "");
    check(&project, 1, &[]);
    let file = project.read("migrations/b2.up.sql");
    let allowed = "-- aludel: allow index-not-concurrent nobody writes at night\nCREATE INDEX";
    project.write("migrations/b2.up.sql", &file.replace("CREATE INDEX", allowed));
    check(&project, 0, &[]);
    project.write("migrations/b2.up.sql", &file);
    check(&project, 1, &[]);
}

#[test]
fn what_aludel_toml_denies_is_looked_for_in_spite_of_proofs() {
    let project = Project::new("");
    project.revision("a1", "", "CREATE TABLE docs (id serial PRIMARY KEY);", None);
    project.ends(0, &["pull", "migrations", "-o", "schema.toml", "--dev-url", server_url()]);
    check(&project, 0, &["--write-proofs"]);
    assert!(project.read("migrations/a1.up.sql").contains("-- Proof:"));
    project.write("aludel.toml", "[review]\ndeny = [\"serial-column\"]\n");
    check(&project, 1, &[]).says(&["[serial-column]"]);
    project.write("aludel.toml", "[review]\ndeny = [\"serial-colum\"]\n");
    check(&project, 2, &[]).says(&["did you mean `serial-column`?"]);
}

#[test]
fn what_the_database_has_is_done() {
    let project = project();
    let database = TestDatabase::create("hazards_done");
    let url = database.url();
    check(&project, 1, &["--url", &url]).says(&["[index-not-concurrent]", "unapplied: "]);
    project.ends(0, &["upgrade", "--url", &url, "--dev-url", server_url()]);
    check(&project, 0, &["--url", &url]);
}
