//! The man pages: one for each command, the same text as its help, the same bytes each time.

use super::project::Project;

#[test]
fn every_command_has_a_page() {
    let project = Project::new("");
    let said = project.ends(0, &["man", "--output", "share/man1"]).stdout;
    let help = project.ends(0, &["--help"]).stdout;
    let commands = help.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let commands = commands.lines().filter_map(|it| it.split_whitespace().next());
    for command in commands.filter(|it| *it != "help") {
        let name = format!("share/man1/aludel-{command}.1");
        assert!(said.contains(&format!("wrote {name}\n")), "{said}");
        assert!(project.read(&name).contains(".SH SYNOPSIS\n\\fBaludel "), "{name}");
    }
    assert!(project.read("share/man1/aludel-import-alembic.1").contains("version\\-table"));
}

#[test]
fn the_page_of_the_command_itself() {
    let project = Project::new("");
    let page = project.ends(0, &["man"]).stdout;
    project.ends(0, &["man", "-o", "."]);
    assert_eq!(project.read("aludel.1"), page);
    assert!(page.contains(".SH \"EXIT STATUS\"\n") && !page.contains("EXTRA"), "{page}");
    assert!(page.contains(concat!("aludel ", env!("CARGO_PKG_VERSION"))), "{page}");
    let json = project.ends(0, &["man", "--format", "json"]).json();
    assert_eq!((&json["name"], &json["text"]), (&"aludel.1".into(), &page.into()));
}

#[test]
fn a_folder_that_cannot_be_written_is_an_error() {
    let project = Project::new("");
    project
        .ends(2, &["man", "--output", "schema.toml/man1"])
        .says(&["cannot write `schema.toml/man1`"]);
}
