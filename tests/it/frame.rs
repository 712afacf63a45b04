//! `[migrations] template`: a project's own frame around the files of its revisions.

use super::project::Project;
use super::support::TestDatabase;

const SCHEMA: &str = "[tables.a.columns]\nid = \"bigint\"\n";

const FRAME: &str = "\
-- © Acme, all rights reserved
{header}

SET statement_timeout TO '1h';

{body}

-- {body} ends here.
";

fn framed(frame: &str) -> Project {
    let project = Project::new(SCHEMA);
    project.write("aludel.toml", "[migrations]\nname = \"{id}\"\ntemplate = \"frame.sql\"\n");
    project.write("frame.sql", frame);
    project
}

#[test]
fn every_new_revision_is_framed() {
    let project = framed(&FRAME.replace("-- {body} ends here.\n", "RESET statement_timeout;\n"));
    let generate = ["revision", "--autogenerate", "-m", "one", "--rev-id", "a1"];
    project.ends(0, &generate);
    let up = project.read("migrations/a1.up.sql");
    let top = "-- © Acme, all rights reserved\n-- Revision: a1\n-- Message: one\n-- Created: ";
    assert!(up.starts_with(top), "{up}");
    let rest = "\n\nSET statement_timeout TO '1h';\n\n-- Create table a.\n";
    assert!(up.contains(rest) && up.ends_with(");\n\nRESET statement_timeout;\n"), "{up}");
    let down = project.read("migrations/a1.down.sql");
    let expected =
        "-- © Acme, all rights reserved\n\nSET statement_timeout TO '1h';\n\n-- Drop table a.\n";
    assert!(
        down.starts_with(expected) && down.ends_with("\n\nRESET statement_timeout;\n"),
        "{down}"
    );

    project.ends(0, &["revision", "-m", "two", "--rev-id", "b1"]);
    project.ends(0, &["revision", "-m", "three", "--rev-id", "b2", "--head", "a1", "--splice"]);
    project.ends(0, &["merge", "heads", "--rev-id", "b3"]);
    for (id, said) in
        [("b1", "-- SQL of the migration."), ("b3", "-- Merge revision: no statements.")]
    {
        let up = project.read(&format!("migrations/{id}.up.sql"));
        assert!(up.starts_with("-- © Acme") && up.contains(said), "{up}");
        assert!(up.contains(&format!("\n-- Revision: {id}\n")), "{up}");
    }
    let down = project.read("migrations/b1.down.sql");
    assert!(down.contains("\n-- SQL that reverts the up migration. Delete this file"), "{down}");

    let database = TestDatabase::create("frame");
    let url = database.url();
    project.ends(0, &["upgrade", "--url", &url]);
    project.ends(0, &["check", "--url", &url]);
    project.ends(0, &["downgrade", "--allow", "data-loss", "base", "--url", &url]);
}

#[test]
fn a_role_need_not_be_on_the_scratch_engine() {
    let database = TestDatabase::create("frame_role");
    let role = format!("aludel_frame_{}", std::process::id());
    database.execute(&format!("CREATE ROLE {role}; GRANT CREATE ON SCHEMA public TO {role}"));
    let project = framed(&format!(
        "{header}\n\nSET ROLE {role};\n\n{body}\n",
        header = "{header}",
        body = "{body}"
    ));
    project.ends(0, &["revision", "--autogenerate", "-m", "one", "--rev-id", "a1"]);
    let url = database.url();
    project.ends(0, &["upgrade", "--url", &url]);
    database.execute(&format!(
        "DO $$BEGIN ASSERT (SELECT tableowner FROM pg_tables WHERE tablename = 'a') = '{role}'; END$$"
    ));
    project.ends(0, &["check", "--url", &url]);
    project.ends(0, &["downgrade", "--allow", "data-loss", "base", "--url", &url]);
    database.execute(&format!("DROP OWNED BY {role} CASCADE; DROP ROLE {role}"));
}

#[test]
fn the_comment_of_the_first_statement_is_no_part_of_the_header() {
    let project = framed("{header}\n{body}\n");
    project.ends(0, &["revision", "--autogenerate", "-m", "one", "--rev-id", "a1"]);
    project.write("schema.toml", &format!("{SCHEMA}n = \"int?\"\n"));
    project.ends(0, &["revision", "--autogenerate", "-m", "two", "--rev-id", "a2"]);
    let up = project.read("migrations/a2.up.sql");
    assert!(up.contains("\n\n-- Add column a.n.\n-- Locks: "), "{up}");
    project.ends(0, &["check"]);
}

#[test]
fn mistakes_in_a_frame_are_shown_in_it() {
    let revise = ["revision", "-m", "x", "--rev-id", "a1"];
    let project = framed(FRAME);
    project.ends(2, &revise).says(&[
        "error: `{body}` must be alone on its line\n --> frame.sql:8:4\n",
        "error: a mistake in frame.sql; nothing was changed",
    ]);
    project.write("frame.sql", "SET ROLE a;\n{header}\n");
    project
        .ends(2, &revise)
        .says(&["error: the template has no line `{body}`\n --> frame.sql:1:1\n"]);
    project.write("frame.sql", "SET ROLE a;\n{header}\n{body}\n");
    project.ends(2, &revise).says(&[
        "error: only comment lines, `-- …`, are allowed above `{header}`\n --> frame.sql:1:1\n",
    ]);
    std::fs::remove_file(project.path("frame.sql")).unwrap();
    project.ends(2, &revise).says(&[
        "error: cannot read the template `frame.sql`: No such file or directory (os error 2)\n",
        " --> aludel.toml:3:12\n",
    ]);
}

#[test]
fn what_a_frame_does_has_to_leave_the_schema_alone() {
    let project = framed("{header}\nCREATE TABLE more ();\n{body}\n");
    let told = project.ends(2, &["revision", "--autogenerate", "-m", "x", "--rev-id", "a1"]);
    told.says(&[
        "error: nothing was written: with the template `frame.sql`, up does not result in the \
         declared schema",
        "remaining difference: drop table more",
        "hint: the statements of the template must not change the schema",
    ]);
    let project = framed("{header}\nBEGIN;\n{body}\n");
    project.ends(2, &["revision", "--autogenerate", "-m", "x", "--rev-id", "a1"]);
    assert_eq!(std::fs::read_dir(project.path("migrations")).unwrap().count(), 0);
}
