//! `revision --phases` and `upgrade --until-contract`: a change in two parts, around a release.

use super::project::Project;
use super::support::TestDatabase;

const BEFORE: &str = r#"
[enums]
state = ["draft", "gone"]

[tables.a]
primary_key = ["id"]
[tables.a.columns]
id = "bigint"
old = "text"
open = "text?"
state = "state"

[views]
recent = "SELECT id, old FROM a"
"#;

const AFTER: &str = r#"
[enums]
state = ["draft", "done"]

[tables.a]
primary_key = ["id"]
[tables.a.columns]
id = "bigint"
open = "text"
state = "state"
new = "text"
[tables.a.indexes.a_new_idx]
columns = ["new"]

[tables.b.columns]
id = "bigint"
a_id = { type = "bigint", references = "a.id" }
state = { type = "state", default = "'draft'" }

[views]
recent = "SELECT id, new FROM a"
"#;

fn generate<'a>(more: &[&'a str]) -> Vec<&'a str> {
    // A column of another name is another column here.
    let decided = ["--allow", "data-loss", "--no-rename", "a.old"];
    [&["revision", "--autogenerate"], &decided[..], &["-m"], more].concat()
}

/// A project of which the database has the first revision, and whose declaration has changed.
fn changed(database: &TestDatabase, after: &str) -> Project {
    let project = Project::new(BEFORE);
    project.write("aludel.toml", "[migrations]\nname = \"{id}\"\n");
    project.ends(0, &generate(&["one", "--rev-id", "a1"]));
    project.ends(0, &["upgrade", "--url", &database.url()]);
    project.write("schema.toml", after);
    project
}

#[test]
fn a_change_is_cut_around_the_release() {
    let database = TestDatabase::create("phases");
    let url = database.url();
    let project = changed(&database, AFTER);
    let told = project.ends(0, &generate(&["more", "--rev-id", "b1", "--phases"]));
    assert!(told.stdout.starts_with("before the release:\n"), "{told}");
    let told = told.says(&["\nafter the release:\n", "wrote migrations/b1_contract.up.sql\n"]);
    told.says(&["hint: run `aludel upgrade --until-contract` before the release"]);
    let expand = project.read("migrations/b1.up.sql");
    let contract = project.read("migrations/b1_contract.up.sql");
    let made = |text: &str| text.lines().find(|it| it.contains("Created")).map(str::to_owned);
    assert!(made(&expand) < made(&contract), "names with a time sort as the two are applied");
    assert!(!expand.contains("Phase:"), "{expand}");
    let header = "-- Revision: b1_contract\n-- Revises: b1\n-- Message: more (contract)\n";
    assert!(contract.starts_with(header), "{contract}");
    assert!(contract.contains("-- Depends: b1\n-- Phase: contract\n"), "{contract}");
    for (sql, before) in [
        ("CREATE TABLE b ", true),
        ("ADD COLUMN new text;", true),
        ("ADD VALUE 'done'", true),
        ("a_new_idx", true),
        ("ALTER COLUMN old DROP NOT NULL", true),
        ("DROP COLUMN old", false),
        ("CREATE VIEW recent", false),
    ] {
        assert_eq!(expand.contains(sql), before, "{sql}: {expand}");
        assert_eq!(contract.contains(sql), !before, "{sql}: {contract}");
    }
    for column in ["open", "new"] {
        let set = format!("ALTER COLUMN {column} SET NOT NULL");
        assert!(contract.contains(&set) && !expand.contains(&set), "{contract}");
    }
    project.ends(0, &["check"]);
    project
        .ends(0, &["show"])
        .says(&["revision  b1_contract (contract, head)", "phase     contract"]);
    project.ends(0, &["history"]).says(&["b1 -> b1_contract (contract, head), more (contract)"]);

    // What both programs write.
    database.execute("INSERT INTO a (id, old, open, state) VALUES (1, 'x', 'y', 'draft')");
    let until = ["upgrade", "--until-contract", "--url", &url];
    let told = project.ends(0, &["upgrade", "--sql", "--until-contract", "--url", &url]);
    assert!(
        told.stdout.contains("ADD COLUMN new") && !told.stdout.contains("DROP COLUMN"),
        "{told}"
    );
    told.says(&["note: left b1_contract more (contract)"]);
    let told = project.ends(0, &until);
    told.says(&[
        "applied b1 more",
        "left b1_contract more (contract)\n",
        "hint: when nothing that needs the old schema is running",
    ]);
    project
        .ends(0, &until)
        .says(&["nothing to do before the contract revisions\nleft b1_contract"]);
    let told = project.ends(0, &[&until[..], &["--format", "json"]].concat()).json();
    assert_eq!(told["left"][0]["id"], "b1_contract", "{told}");
    database.execute("INSERT INTO a (id, old, open, state) VALUES (2, 'x', 'y', 'draft')");
    database.execute("INSERT INTO a (id, open, state, new) VALUES (3, 'y', 'done', 'z')");
    database.execute("UPDATE a SET new = 'z' WHERE new IS NULL");
    let told = project.ends(0, &["upgrade", "--url", &url]);
    assert!(!told.stdout.contains("left"), "{told}");
    project.ends(0, &["check", "--url", &url]);
    // No row has what was dropped.
    database.execute("DELETE FROM a");
    project.ends(0, &["downgrade", "--allow", "data-loss", "a1", "--url", &url]);
    project.ends(0, &["upgrade", "--url", &url]);
}

#[test]
fn where_one_part_is_empty_there_is_one_revision() {
    let database = TestDatabase::create("one_phase");
    let project = changed(&database, &BEFORE.replace("old = \"text\"", "old = \"text?\""));
    let told = project.ends(0, &generate(&["open", "--rev-id", "b1", "--phases"]));
    told.says(&[
        "note: the running release works with all changes: nothing has to be applied after \
                 the release",
    ]);
    assert!(!project.read("migrations/b1.up.sql").contains("Phase:"));

    project.write("schema.toml", &BEFORE.replace("open = \"text?\"", "open = \"text\""));
    let told = project.ends(0, &generate(&["tight", "--rev-id", "b2", "--phases"]));
    let told = told.says(&["wrote migrations/b2.up.sql"]);
    let told = told.says(&["note: all changes must be applied after the release"]);
    let text = project.read("migrations/b2.up.sql");
    assert!(text.contains("-- Phase: contract\n"), "{told} {text}");
}

#[test]
fn renames_wait_whole() {
    let database = TestDatabase::create("phases_rename");
    let url = database.url();
    let renamed = BEFORE
        .replace(
            "old = \"text\"",
            "name = { type = \"text\", renamed_from = \"old\" }\nmore = \"int?\"",
        )
        .replace("SELECT id, old FROM a", "SELECT id, name AS old FROM a");
    let project = changed(&database, &renamed);
    let arguments = generate(&["rename", "--rev-id", "b1", "--phases", "--format", "json"]);
    let told = project.ends(0, &arguments).json();
    assert_eq!((&told["id"], &told["phase"]), (&"b1".into(), &serde_json::Value::Null), "{told}");
    let later = &told["contract"];
    assert_eq!(later["phase"], "contract", "{told}");
    assert_eq!(later["up"], "migrations/b1_contract.up.sql", "{told}");
    let contract = project.read("migrations/b1_contract.up.sql");
    assert!(contract.contains("RENAME COLUMN old TO name"), "{contract}");
    assert!(project.read("migrations/b1.up.sql").contains("ADD COLUMN more"));
    project.ends(0, &["upgrade", "--until-contract", "--url", &url]);
    project.ends(0, &["upgrade", "--url", &url]);
    project.ends(0, &["check", "--url", &url]);
    let nothing = project.ends(0, &generate(&["x", "--phases"]));
    nothing.says(&["no changes: the migrations build the schema declared in schema.toml"]);
    project.ends(2, &["revision", "-m", "x", "--phases"]).says(&["--autogenerate"]);
    let text = project.read("migrations/b1_contract.up.sql").replace(": contract\n", ": shrink\n");
    project.write("migrations/b1_contract.up.sql", &text);
    project.ends(2, &["history"]).says(&["`shrink` is not a phase: the only one is `contract`"]);
}
