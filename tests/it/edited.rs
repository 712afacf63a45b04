//! Files that were edited after they were applied: what stops a run, what is only said.

use crate::project::Project;
use crate::support::TestDatabase;

fn project() -> (Project, TestDatabase, String) {
    let project = Project::new("[tables.t.columns]\ni = \"integer?\"\n");
    project.revision("a", "", "-- Create t.\nCREATE TABLE t (i int);", None);
    let database = TestDatabase::create("files");
    let url = database.url();
    project.ends(0, &["upgrade", "--url", &url]);
    (project, database, url)
}

#[test]
fn comments_headers_and_new_down_files_are_said() {
    let (project, _database, url) = project();
    let text = project.read("migrations/a.up.sql");
    let text =
        text.replace("Message: revision a", "Message: table t").replace("-- Create", "-- Make");
    project.write("migrations/a.up.sql", &text);
    project.write("migrations/a.down.sql", "DROP TABLE t;");
    let up =
        "migrations/a.up.sql: comments or header of revision `a` were edited after it was applied";
    let down = "migrations/a.down.sql: this down file was added after revision `a` was applied";
    for command in ["check", "status"] {
        project.ends(0, &[command, "--url", &url]).says(&[
            up,
            down,
            "to accept them: `aludel repair`",
        ]);
        let said = project.ends(0, &[command, "--url", &url, "--format", "json"]).json();
        assert_eq!(said["edited"].as_array().map(Vec::len), Some(2), "{said}");
    }
    project.ends(0, &["upgrade", "--url", &url]).says(&["nothing to do"]);
    project.ends(0, &["repair", "--url", &url]).says(&["accepted the files of a"]);
    project.ends(0, &["repair", "--url", &url]).says(&["nothing to do"]);
    let status = project.ends(0, &["status", "--url", &url]);
    assert!(!status.stdout.contains("edited"), "{status}");
    project.ends(0, &["downgrade", "base", "--url", &url]);
}

#[test]
fn statements_stop_runs_until_they_are_accepted() {
    let (project, _database, url) = project();
    project.write("migrations/a.down.sql", "DROP TABLE t;");
    project.ends(0, &["repair", "a", "--url", &url]);
    project.write("migrations/a.down.sql", "DROP TABLE IF EXISTS t;");
    let said = "migrations/a.down.sql: revision `a` was edited after it was applied: its statements differ";
    project.ends(1, &["upgrade", "--url", &url]).says(&[said, "`aludel repair a`"]);
    project.ends(1, &["check", "--url", &url]).says(&[said, "`aludel repair REVISION`"]);
    project.ends(1, &["status", "--url", &url]).says(&[said]);
    project.ends(1, &["repair", "--url", &url]).says(&["nothing to do", said]);
    project.ends(2, &["repair", "nobody", "--url", &url]).says(&["no revision `nobody`"]);
    project.ends(0, &["repair", "a", "--url", &url]).says(&["accepted the files of a"]);
    project.ends(0, &["check", "--url", &url]);
    project.ends(0, &["downgrade", "base", "--url", &url]);
}

#[test]
fn what_repair_cannot_accept_stays_an_answer_of_no() {
    let (project, _database, url) = project();
    std::fs::remove_file(project.path("migrations/a.up.sql")).unwrap();
    project.ends(1, &["repair", "--url", &url]).says(&[
        "nothing to do",
        "mismatch: revision `a` (revision a) is applied, but its file is missing",
    ]);
}
