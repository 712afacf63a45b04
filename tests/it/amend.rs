//! `revision --amend`: the last revision generated again, as long as no database has it.

use std::path::PathBuf;

use super::project::Project;
use super::support::TestDatabase;

const ONE: &str = "[tables.a.columns]\nid = \"bigint\"\n";
const TWO: &str = "[tables.a.columns]\nid = \"bigint\"\nb = \"text?\"\n";

/// A project with a generated base, and a second revision that adds a column `b`.
fn project() -> Project {
    let project = Project::new(ONE);
    let generate = ["revision", "--autogenerate", "-m"];
    project.ends(0, &[&generate[..], &["one", "--rev-id", "a1"]].concat());
    project.write("schema.toml", TWO);
    let label = ["two", "--rev-id", "a2", "--branch-label", "main"];
    project.ends(0, &[&generate[..], &label].concat());
    project
}

/// The files of the revisions, without the dates that their names begin with.
fn files(project: &Project) -> Vec<String> {
    let entries = std::fs::read_dir(project.path("migrations")).unwrap();
    let names = entries.map(|it| it.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|it| it.ends_with(".sql")).collect();
    names.sort();
    names.iter().map(|it| it.splitn(3, '_').last().unwrap().to_owned()).collect()
}

fn amend<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["revision", "--amend"][..], more].concat()
}

fn path_of(project: &Project, id: &str, suffix: &str) -> PathBuf {
    let entries = std::fs::read_dir(project.path("migrations")).unwrap();
    let found = entries.map(|it| it.unwrap().path()).find(|it| {
        let name = it.to_string_lossy().into_owned();
        name.contains(&format!("_{id}_")) && name.ends_with(suffix)
    });
    found.unwrap()
}

fn up_of(project: &Project, id: &str) -> String {
    std::fs::read_to_string(path_of(project, id, ".up.sql")).unwrap()
}

#[test]
fn the_last_revision_is_made_anew() {
    let project = project();
    let created = |text: &str| text.lines().find(|it| it.contains("Created")).map(str::to_owned);
    let before = up_of(&project, "a2");
    project.write("schema.toml", &TWO.replace("b =", "c = \"int?\"\nb ="));
    let told = project.ends(0, &["revision", "--amend", "--format", "json"]).json();
    assert_eq!(told["id"], "a2");
    assert_eq!(told["changes"].as_array().unwrap().len(), 2, "{told}");
    let [up, down] = ["steps", "down_steps"].map(|it| told[it].as_array().unwrap());
    assert_eq!((up.len(), down.len()), (2, 2), "{told}");
    assert!(up.iter().all(|it| it["sql"].as_str().unwrap().contains("ALTER TABLE")), "{told}");
    assert_eq!(up[0]["locks"][0]["level"], "ACCESS_EXCLUSIVE", "{told}");
    let after = up_of(&project, "a2");
    let header = "-- Revision: a2\n-- Revises: a1\n-- Message: two\n";
    assert!(after.starts_with(header) && after.contains("-- Labels: main\n"), "{after}");
    assert!(
        after.contains("ADD COLUMN c integer") && after.contains("ADD COLUMN b text"),
        "{after}"
    );
    assert_eq!(created(&before), created(&after));
    project.ends(0, &["check"]);
    assert_eq!(
        files(&project),
        ["a1_one.down.sql", "a1_one.up.sql", "a2_two.down.sql", "a2_two.up.sql"]
    );

    project.ends(0, &["revision", "--amend", "-m", "two and a half"]).says(&["wrote migrations/"]);
    assert_eq!(files(&project)[2..], ["a2_two_and_a_half.down.sql", "a2_two_and_a_half.up.sql"]);
    assert!(up_of(&project, "a2").contains("-- Message: two and a half\n"));
    project.ends(0, &["check"]);

    project.write("schema.toml", ONE);
    project.ends(2, &["revision", "--amend"]).says(&[
        "error: revision `a2` would be empty: without it the migrations build what schema.toml \
         declares",
        "hint: delete its files: rm migrations/",
    ]);
}

#[test]
fn what_cannot_be_made_anew_says_why() {
    let project = project();
    project.ends(2, &amend(&["--head", "a1"])).says(&["error: revision `a2` revises `a1`"]);
    project.ends(2, &amend(&["--rev-id", "x"])).says(&["cannot be used with"]);

    let database = TestDatabase::create("amend");
    let url = database.url();
    project.ends(0, &["upgrade", "a1", "--url", &url]);
    project.write("schema.toml", &TWO.replace("text?", "int?"));
    project.ends(0, &amend(&["--url", &url]));
    project.ends(0, &["upgrade", "--url", &url]);
    project.ends(2, &amend(&["--url", &url])).says(&[
        "error: the database already has revision `a2` (applied)",
        "hint: to revert it there: `aludel downgrade a1`",
        "hint: or create a new revision for the new changes",
    ]);
    let down = path_of(&project, "a2", ".down.sql");
    let kept = std::fs::read(&down).unwrap();
    std::fs::remove_file(&down).unwrap();
    project
        .ends(2, &amend(&["--url", &url]))
        .says(&["(applied)\nhint: create a new revision for the new changes"]);
    std::fs::write(&down, kept).unwrap();
    project.ends(0, &["downgrade", "a1", "--url", &url]);
    project.ends(0, &amend(&["--url", &url]));

    project.ends(0, &["revision", "-m", "by hand", "--rev-id", "a3"]);
    project.ends(2, &amend(&[])).says(&[
        "error: revision `a3` cannot be amended: it was not generated: its header has no `Schema`",
    ]);
    project.ends(0, &["revision", "-m", "other", "--rev-id", "x1", "--head", "base"]);
    project.ends(2, &amend(&[])).says(&["choose the one to regenerate: `--head REVISION`"]);
    let none = Project::new(ONE);
    none.ends(2, &amend(&[])).says(&["error: no revision to amend"]);
}
