//! What a shell is told when somebody presses Tab: by the script of `aludel completions`, and by the program
//! when that script asks it. Whatever is wrong with a project, nothing is said of it.

use std::fs;
use std::process::Command;

use super::project::{Outcome, Project};

/// A table, two revisions of which one has a label and a variable, and nothing else.
fn project() -> Project {
    let schema = "
        [tables.users]
        primary_key = [\"id\"]
        columns = { id = \"bigint\", email = \"text\" }
        [tables.\"billing.invoices\"]
        primary_key = [\"id\"]
        columns = { id = \"bigint\", \"$(touch ran)\" = \"text\" }";
    let project = Project::new(schema);
    project.revision("3f2a9c01d7e4", "", "SELECT 1;", None);
    let text = "-- Revision: 8c51e0b6429d\n-- Revises: 3f2a9c01d7e4\n-- Message: a \u{1b}[31mred one\n\
                -- Labels: search\n-- Variables: tenant, owner=app\n\nSELECT 1;\n";
    project.write("migrations/8c51.up.sql", text);
    project
}

/// What fish is told for a line, of which the last word is being typed: a candidate a line.
#[track_caller]
fn asked(project: &Project, words: &[&str]) -> Outcome {
    let mut command = project.command(&[&["--", "aludel"], words].concat());
    command.env("ALUDEL_COMPLETE", "fish");
    Outcome::of(command).ended(0)
}

/// The candidates for a line, without options and without what is said of them.
#[track_caller]
fn check(project: &Project, words: &[&str], expected: &[&str]) {
    let outcome = asked(project, words);
    assert_eq!(outcome.stderr, "");
    let names = outcome.stdout.lines().map(|it| it.split('\t').next().unwrap_or_default());
    let names: Vec<&str> = names.filter(|it| !it.starts_with('-') || it.contains('=')).collect();
    assert_eq!(names, expected, "{words:?}");
}

#[test]
fn revisions_labels_and_words() {
    let project = project();
    let all = ["head", "heads", "base", "current", "8c51e0b6429d", "3f2a9c01d7e4", "search"];
    check(&project, &["upgrade", ""], &["head", "heads", "8c51e0b6429d", "3f2a9c01d7e4", "search"]);
    check(&project, &["upgrade", "3f2a9c01d7e4", "8"], &["8c51e0b6429d"]);
    check(&project, &["downgrade", "b"], &["base"]);
    check(&project, &["downgrade", "--sql", "3"], &["3f2a9c01d7e4"]);
    check(&project, &["show", ""], &all);
    check(&project, &["stamp", "hea"], &["head", "heads"]);
    for command in ["edit", "squash", "repair", "merge", "rebase"] {
        check(&project, &[command, "8"], &["8c51e0b6429d"]);
    }
    check(&project, &["rebase", "--onto", "s"], &["search"]);
    check(&project, &["revision", "--head=8"], &["--head=8c51e0b6429d"]);
    check(&project, &["upgrade", "search@h"], &["search@head", "search@heads"]);
    check(&project, &["history", "-r", "base:3"], &["base:3f2a9c01d7e4"]);
    assert!(!project.path(".aludel").exists(), "nothing was started and nothing kept");
}

#[test]
fn what_else_a_project_names() {
    let project = project();
    check(&project, &["-x", ""], &["owner=", "tenant="]);
    check(&project, &["revision", "--rename", "a=u"], &["a=users", "a=users.email", "a=users.id"]);
    check(&project, &["diff", "migrations@8"], &["migrations@8c51e0b6429d"]);
    check(&project, &["pull", "l"], &["live"]);
    check(&project, &["diff", "empty", "sch"], &["schema.toml"]);
    check(&project, &["--database", ""], &[]);
    let url = "url = \"${NOT_SET_ANYWHERE}\"";
    project.write("aludel.toml", &format!("[databases.one]\n{url}\n[databases.two]\n{url}\n"));
    check(&project, &["--database", ""], &["one", "two", "all"]);
    check(&project, &["generate", "r"], &["rust"]);
}

#[test]
fn files_that_the_line_names_itself() {
    let project = project();
    fs::rename(project.path("migrations"), project.path("versions")).unwrap();
    fs::rename(project.path("schema.toml"), project.path("other.toml")).unwrap();
    project.write("a.toml", "[migrations]\ndirectory = \"versions\"\n");
    check(&project, &["--config", "a.toml", "upgrade", "3"], &["3f2a9c01d7e4"]);
    check(&project, &["--config=a.toml", "upgrade", "3"], &["3f2a9c01d7e4"]);
    check(
        &project,
        &["--schema", "other.toml", "revision", "--rename", "a=us"],
        &["a=users", "a=users.email", "a=users.id"],
    );
    check(&project, &["upgrade", "3"], &[]);
}

#[test]
fn what_is_broken_is_not_told() {
    let project = project();
    project.write("migrations/x.up.sql", "no header");
    check(&project, &["upgrade", ""], &["head", "heads"]);
    check(&project, &["-x", ""], &[]);
    project.write("schema.toml", "tables = 1\n[[");
    check(&project, &["revision", "--rename", "a="], &[]);
    project.write("aludel.toml", "[migrations]\ndirectory = 1\n");
    check(&project, &["--database", ""], &[]);
    check(&project, &["downgrade", ""], &["base"]);
    check(&project, &["no-such-command", "x"], &[]);
    check(&project, &["upgrade", "--no-such-option", ""], &["head", "heads"]);
    fs::remove_dir_all(project.path("migrations")).unwrap();
    project.write("migrations", "a file where a folder should be");
    check(&project, &["upgrade", "h"], &["head", "heads"]);
}

/// A declaration may be anybody's, and so may the messages of revisions.
#[test]
fn nothing_of_others_is_run_or_obeyed() {
    let project = project();
    check(&project, &["revision", "--rename", "a=billing.invoices."], &["a=billing.invoices.id"]);
    let told = asked(&project, &["upgrade", "8"]).stdout;
    assert_eq!(told, "8c51e0b6429d\ta \\u{1b}[31mred one\n");
}

#[test]
fn a_variable_alone_changes_nothing() {
    let project = project();
    for (value, arguments) in [("bash", ["--version"]), ("1", ["--version"]), ("", ["--version"])] {
        let mut command = project.command(&arguments);
        command.env("ALUDEL_COMPLETE", value);
        Outcome::of(command).ended(0).says(&["aludel 0."]);
    }
}

/// A line in bash, divided as bash divides it, and what is put in place of its last part.
#[cfg(unix)]
#[test]
fn bash_asks_and_is_answered() {
    let project = project();
    let script = "
        source <(\"$0\" completions bash)
        try() {
            COMP_WORDS=(aludel \"$@\") COMP_CWORD=$# COMPREPLY=()
            local current=${COMP_WORDS[COMP_CWORD]}
            [[ $current == [=:@] ]] && current=
            _aludel_complete aludel \"$current\"
            (IFS=,; echo \"${COMPREPLY[*]}\")
        }
        try upg
        try upgrade 3
        try upgrade search @ h
        try revision --head =
        try revision --head = 8
        try history -r base : 3
        try --url postgres : //a @ b : 5432/c upgrade 3
        try revision --rename a = users.
        touch 'a b'; try pull a
        try upgrade nothing
        PATH= ; try upgrade 3";
    let mut command = project.command(&[]);
    let program = command.get_program().to_owned();
    command = Command::new("bash");
    command.args(["--norc", "-c", script]).arg(program).current_dir(project.path(""));
    let outcome = Outcome::of(command).ended(0);
    assert_eq!(outcome.stderr, "");
    let answers: Vec<&str> = outcome.stdout.lines().collect();
    assert_eq!(
        answers,
        [
            "upgrade",
            "3f2a9c01d7e4",
            "head,heads",
            "head,heads,base,current,8c51e0b6429d,3f2a9c01d7e4,search",
            "8c51e0b6429d",
            "3f2a9c01d7e4",
            "3f2a9c01d7e4",
            "users.email,users.id",
            "a\\ b",
            "",
            "3f2a9c01d7e4",
        ]
    );
}

/// What the folders of completions have is called by its name, so that it goes where the program goes.
#[cfg(unix)]
#[test]
fn a_script_calls_the_program_as_it_was_called() {
    use std::os::unix::process::CommandExt;
    let project = project();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = project.ends(0, &["completions", shell]).stdout;
        assert!(script.contains(env!("CARGO_BIN_EXE_aludel")), "{shell}: {script}");
        let mut command = project.command(&["completions", shell]);
        let script = Outcome::of({
            command.arg0("aludel");
            command
        });
        let script = script.ended(0).stdout;
        assert!(script.contains("aludel") && !script.contains("/aludel"), "{shell}: {script}");
    }
    let json = project.ends(0, &["completions", "zsh", "--format", "json"]).json();
    assert_eq!(json["shell"], "zsh");
    assert!(json["script"].as_str().unwrap().starts_with("#compdef aludel\n"));
    project.ends(2, &["completions", "tcsh"]).says(&["bash, elvish, fish, powershell, zsh"]);
}
