//! A project begun where there may be one, or a part of one, and the names that its first files get.

use std::fs;

use super::project::Project;

const HINT: &str = "hint: declare your tables in schema.toml";

/// What `init` makes of a .gitignore, and which word it says of it.
#[track_caller]
fn check(before: &[u8], after: &[u8], word: &str) {
    let project = Project::new("");
    fs::write(project.path(".gitignore"), before).unwrap();
    let told = project.ends(0, &["init", "--format", "json"]).json();
    assert_eq!(told[word], serde_json::json!([".gitignore"]), "{told}");
    assert_eq!(fs::read(project.path(".gitignore")).unwrap(), after);
    // Once more there is nothing to be done.
    let told = project.ends(0, &["init"]);
    assert!(told.stdout.contains("kept existing .gitignore\n"), "{told}");
    assert_eq!(fs::read(project.path(".gitignore")).unwrap(), after);
}

#[test]
fn a_line_for_git_is_added_once() {
    for (before, after) in [
        ("", ".aludel/\n"),
        ("target\n", "target\n.aludel/\n"),
        ("target", "target\n.aludel/\n"),
        ("target\r\n", "target\r\n.aludel/\n"),
        ("# .aludel\n", "# .aludel\n.aludel/\n"),
        ("app/.aludel\n", "app/.aludel\n.aludel/\n"),
    ] {
        check(before.as_bytes(), after.as_bytes(), "changed");
    }
    check(b"caf\xe9", b"caf\xe9\n.aludel/\n", "changed");
}

#[test]
fn what_git_was_told_already_stays() {
    for text in ["/.aludel", "a\n.aludel/\nb\n", "**/.aludel/\r\n", ".aludel/db\n", "!.aludel/\n"] {
        let project = Project::new("");
        project.write(".gitignore", text);
        let told = project.ends(0, &["init"]);
        assert!(told.stdout.contains("kept existing .gitignore\n"), "{told}");
        assert_eq!(project.read(".gitignore"), text);
    }
}

#[test]
fn all_that_is_made_is_said() {
    let project = Project::new("");
    let told = project.ends(0, &["init", "app/db"]).says(&[HINT]);
    assert_eq!(
        told.stdout,
        "created app/db/migrations/\ncreated app/db/aludel.toml\ncreated app/db/schema.toml\n\
         created app/db/.gitignore\n"
    );
    let made = fs::read_dir(project.path("app/db")).unwrap().count();
    assert_eq!(made, told.stdout.lines().count(), "and nothing else");
    project.write("migrations.toml", "");
    project
        .ends(2, &["init", "migrations.toml"])
        .says(&["cannot write `migrations.toml/migrations`"]);
    fs::create_dir(project.path(".gitignore")).unwrap();
    project.ends(2, &["init"]).says(&["cannot write `.gitignore`"]);
}

/// The names of the up files, as a listing sorts them.
fn names(project: &Project) -> Vec<String> {
    let entries = fs::read_dir(project.path("migrations")).unwrap();
    let names = entries.map(|it| it.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|it| it.ends_with(".up.sql")).collect();
    names.sort();
    names
}

/// The ids are in the order in which names would be if they were what decides.
#[test]
fn names_of_files_sort_as_they_were_made() {
    let project = Project::new("");
    for id in ["d", "c", "b", "a"] {
        project.ends(0, &["revision", "-m", "step", "--rev-id", id]);
    }
    project.ends(0, &["revision", "-m", "aside", "--rev-id", "x", "--head", "d", "--splice"]);
    project.ends(0, &["merge", "heads", "-m", "both", "--rev-id", "m"]);
    let names = names(&project);
    let at = |id: &str| names.iter().position(|it| it.contains(&format!("_{id}_"))).unwrap();
    let order = ["d", "c", "b", "a", "m"].map(at);
    assert!(order.is_sorted() && at("d") < at("x") && at("x") < at("m"), "{names:?}");
    let shape: String =
        names[0].chars().map(|it| if it.is_ascii_digit() { '0' } else { it }).collect();
    assert_eq!(shape, "00000000_000000_d_step.up.sql");
}

/// As releases before wrote them, and as anybody likes.
#[test]
fn other_names_are_read_as_well() {
    let project = Project::new("");
    let file = |id: &str, revises: &str| format!("-- Revision: {id}\n-- Revises: {revises}\n");
    project.write("migrations/20261122_a1b2c3_first.up.sql", &file("a1b2c3", ""));
    project.write("migrations/second.up.sql", &file("other", "a1b2c3"));
    project.ends(0, &["revision", "-m", "third"]);
    let told = project.ends(0, &["history"]).stdout;
    let lines: Vec<&str> = told.lines().rev().collect();
    assert!(lines[0].starts_with("<base> -> a1b2c3 "), "{told}");
    assert!(
        lines[1].starts_with("a1b2c3 -> other ") && lines[2].starts_with("other -> "),
        "{told}"
    );
}
