//! Coming from elsewhere: a project of the real Alembic is taken over and goes on; a database that
//! nobody managed is adopted.

use std::path::Path;
use std::process::Command;

use crate::project::{Outcome, Project};
use crate::support::{TestDatabase, server_url};

const ALEMBIC: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/alembic");

/// Runs the real Alembic in a folder of the project.
#[track_caller]
fn alembic(project: &Project, arguments: &[&str]) -> Outcome {
    let mut command = Command::new(ALEMBIC);
    command.args(arguments).current_dir(project.path("old"));
    Outcome::of(command).ended(0)
}

/// Makes a revision with the real Alembic, and gives it a body.
fn revise(project: &Project, arguments: &[&str], id: &str, up: &str, down: &str) {
    let mut all = vec!["revision", "--rev-id", id, "-m"];
    all.extend(arguments);
    alembic(project, &all);
    let folder = project.path("old/alembic/versions");
    let file = std::fs::read_dir(folder)
        .unwrap()
        .map(|it| it.unwrap().path())
        .find(|it| it.file_name().unwrap().to_string_lossy().starts_with(id))
        .expect("the file of the revision");
    let text = std::fs::read_to_string(&file).unwrap();
    let mut bodies = [up, down].into_iter();
    let filled: Vec<String> = text
        .lines()
        .map(|it| match it.trim() {
            "pass" => format!("    {}", bodies.next().unwrap_or("pass")),
            _ => it.to_owned(),
        })
        .collect();
    std::fs::write(&file, filled.join("\n")).unwrap();
}

/// A project of Alembic: a root, two branches of which one is labelled, a merge, another base that
/// depends on one of the branches.
fn project(database: &TestDatabase) -> Project {
    let project = Project::new("");
    std::fs::remove_file(project.path("schema.toml")).unwrap();
    std::fs::create_dir(project.path("old")).unwrap();
    alembic(&project, &["init", "alembic"]);
    let ini = project.read("old/alembic.ini");
    let url = database.url().replace("postgres://", "postgresql+psycopg://").replace('%', "%%");
    let set = |it: &str| match it.starts_with("sqlalchemy.url") {
        true => format!("sqlalchemy.url = {url}"),
        false => it.to_owned(),
    };
    project.write("old/alembic.ini", &ini.lines().map(set).collect::<Vec<_>>().join("\n"));
    revise(
        &project,
        &["create account"],
        "1975ea83b712",
        "op.create_table('account', sa.Column('id', sa.Integer, primary_key=True), \
         sa.Column('note', sa.Text, server_default=\"50% of 'it': \\\\ here\"))",
        "op.drop_table('account')",
    );
    revise(
        &project,
        &["add cart", "--branch-label", "shoppingcart"],
        "27c6a30d7c24",
        "op.create_table('cart', sa.Column('id', sa.Integer, primary_key=True))",
        "op.drop_table('cart')",
    );
    revise(
        &project,
        &["add column", "--head", "1975ea83b712", "--splice"],
        "ae1027a6acf0",
        "op.add_column('account', sa.Column('last', sa.DateTime))",
        "op.drop_column('account', 'last')",
    );
    let merge = ["merge", "27c6a30d7c24", "ae1027a6acf0", "--rev-id", "53fffde5ad50", "-m", "join"];
    alembic(&project, &merge);
    revise(
        &project,
        &["networking", "--head", "base", "--depends-on", "shoppingcart"],
        "3cac04ae8714",
        "op.execute(\"CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$ SELECT ':x' $$\")",
        "op.execute('DROP FUNCTION f()')",
    );
    project
}

#[test]
fn an_alembic_project_goes_on() {
    let database = TestDatabase::create("alembic");
    let url = database.url();
    let project = project(&database);
    alembic(&project, &["upgrade", "ae1027a6acf0"]);
    alembic(&project, &["upgrade", "shoppingcart"]);
    let before = alembic(&project, &["current"]).stdout;
    assert!(before.contains("ae1027a6acf0") && before.contains("27c6a30d7c24"), "{before}");

    project.ends(0, &["import", "alembic", "old", "--alembic", ALEMBIC, "--url", &url]).says(&[
        "imported 5 revisions, with 2 heads",
        "wrote schema.toml",
        "recorded 27c6a30d7c24",
    ]);
    let current = project.ends(0, &["current", "--url", &url]).stdout;
    assert_eq!(current, "27c6a30d7c24\nae1027a6acf0\n");
    project.ends(0, &["upgrade", "heads", "--url", &url]).says(&["applied 53fffde5ad50 join"]);
}

#[test]
fn every_shape_is_taken_over() {
    let database = TestDatabase::create("alembic_shapes");
    let fresh = TestDatabase::create("alembic_shapes_fresh");
    let url = database.url();
    let project = project(&database);
    revise(
        &project,
        &["drop column", "--head", "53fffde5ad50"],
        "b0b0b0b0b0b0",
        "op.drop_column('account', 'last')",
        "op.add_column('account', sa.Column('last', sa.DateTime))",
    );
    alembic(&project, &["upgrade", "27c6a30d7c24"]);
    project.ends(0, &["import", "alembic", "old", "--alembic", ALEMBIC]);
    // What it loses, somebody has consented to elsewhere.
    let files = std::fs::read_dir(project.path("migrations")).unwrap();
    let mut texts = files.map(|it| std::fs::read_to_string(it.unwrap().path()).unwrap());
    let allowing = "-- Allows: data-loss (column account.last)\n";
    assert!(texts.any(|it| it.contains("-- Revision: b0b0b0b0b0b0\n") && it.contains(allowing)));
    project
        .ends(0, &["stamp", "--alembic", "--url", &url])
        .says(&["recorded 27c6a30d7c24 add cart"]);
    project.ends(0, &["show", "27c6a30d7c24"]).says(&[
        "(shoppingcart)",
        "add cart",
        "1975ea83b712",
    ]);
    project.ends(0, &["show", "53fffde5ad50"]).says(&["parents   27c6a30d7c24, ae1027a6acf0"]);
    project.ends(0, &["show", "3cac04ae8714"]).says(&["<base>", "depends   27c6a30d7c24"]);
    project.ends(0, &["upgrade", "heads", "--url", &url]).says(&["applied ae1027a6acf0"]);
    project.ends(0, &["upgrade", "heads", "--url", &fresh.url()]);
    let left = project.ends(1, &["diff", "--exit-code", &fresh.url(), &url]).stdout;
    assert!(left.starts_with("-- Create table alembic_version."), "{left}");
    assert_eq!(left.matches("-- Create").count(), 1, "{left}");
    // Two heads are told, and nothing else.
    let found = project.ends(1, &["check", "--url", &url]).says(&["several heads"]).stdout;
    assert!(found.contains("1 finding\n"), "{found}");
    project.ends(0, &["merge", "heads", "--rev-id", "aaaa"]);
    project.ends(0, &["upgrade", "--url", &url]);
    project.ends(0, &["check", "--url", &url]).says(&["agree"]);
    project.ends(0, &["downgrade", "--allow", "data-loss", "base", "--url", &fresh.url()]);
    // Once more: what was imported before is left as it is, edits and all.
    project
        .ends(0, &["import", "alembic", "old", "--alembic", ALEMBIC])
        .says(&["imported 0 revisions", "already imported, not changed: 1975ea83b712"]);
    let other = Project::new("");
    other.revision("1975ea83b712", "", "", None);
    let old = project.path("old").display().to_string();
    other.ends(2, &["import", "alembic", &old]).says(&["revision `1975ea83b712` already exists"]);
}

#[test]
fn what_alembic_cannot_render_is_named() {
    let database = TestDatabase::create("alembic_opaque");
    let project = project(&database);
    revise(
        &project,
        &["rows", "--head", "53fffde5ad50"],
        "d747a8a88790",
        "print(op.get_bind().execute(sa.text('SELECT 1')).scalar())",
        "raise NotImplementedError()",
    );
    let import = ["import", "alembic", "old", "--alembic", ALEMBIC];
    project
        .ends(0, &import)
        .says(&["without SQL: d747a8a88790", "without a down file: d747a8a88790"]);
    let other = Project::new("");
    let missing =
        ["import", "alembic", &*project.path("old").display().to_string(), "--alembic", "nobody"]
            .map(str::to_owned);
    let missing: Vec<&str> = missing.iter().map(String::as_str).collect();
    other.ends(2, &missing).says(&["cannot start `nobody`", "--no-sql"]);
    other.ends(2, &["import", "alembic", "migrations"]).says(&["no Alembic revisions"]);
}

const PYTHON: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/python");

/// Projects as people have them, each with its database, to which a DBA has added pgvector.
fn common_projects() -> Vec<(&'static str, Project, TestDatabase)> {
    let names = [
        "common",
        "schemas",
        "convention",
        "defaults",
        "computed",
        "elsewhere",
        "heads",
        "labels",
        "by_hand",
        "rows",
    ];
    let projects = names.into_iter().map(|name| {
        let database = TestDatabase::create(&format!("alembic_{name}"));
        let project = Project::new("");
        database.execute(match name {
            "schemas" => "CREATE EXTENSION vector; CREATE SCHEMA app",
            "elsewhere" => "CREATE SCHEMA extensions; CREATE EXTENSION vector SCHEMA extensions",
            _ => "CREATE EXTENSION vector",
        });
        std::fs::remove_file(project.path("schema.toml")).unwrap();
        (name, project, database)
    });
    projects.collect()
}

/// `tests/it/alembic/projects.py` for all of them in one process.
#[track_caller]
fn by_alembic(action: &str, folder: &Path, projects: &[(&str, Project, TestDatabase)]) {
    let program = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/alembic/projects.py");
    let mut command = Command::new(PYTHON);
    command.args(["2.0", program, action]).arg(folder);
    command.args(projects.iter().map(|(name, _, database)| format!("{name}={}", database.url())));
    Outcome::of(command).ended(0);
}

/// From models to a third revision: two by Alembic, one by aludel, and neither finds a difference.
#[test]
fn the_commonest_projects_come_over_and_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let projects = common_projects();
    by_alembic("make", folder.path(), &projects);
    let alembic = format!("{PYTHON} 2.0 -m alembic");
    for (name, project, database) in &projects {
        if *name != "common" {
            // On a server, which starts scratch databases sooner than the embedded engine.
            project.write("aludel.toml", &format!("[dev]\nurl = \"{}\"\n", server_url()));
        }
        let (url, old) = (database.url(), folder.path().join(name).display().to_string());
        let import = || {
            let mut import = project.command(&["import", "alembic", &old, "--alembic", &alembic]);
            import.args(["--url", &url]).env("DATABASE_URL", driver(&url));
            Outcome::of(import)
        };
        if *name == "elsewhere" {
            let path = "search_path = [\"public\", \"extensions\"]";
            import().ended(2).says(&["`vector` is in schema `extensions`", path]);
            let configuration = project.read("aludel.toml");
            project.write("aludel.toml", &format!("{configuration}[database]\n{path}\n"));
        }
        import().ended(0).says(&[
            "wrote schema.toml",
            "declared as provided, because the database has it and no revision creates it",
            "extension vector",
            "not restored: drop enum status",
            "recorded second",
        ]);
        if ["heads", "labels"].contains(name) {
            project.ends(1, &["check", "--url", &url]).says(&["several heads", "1 finding"]);
            project.ends(0, &["merge", "heads"]);
            project.ends(0, &["upgrade", "--url", &url]);
        }
        project.ends(0, &["check", "--url", &url]).says(&["agree"]);
        let table = if *name == "schemas" { "\"app.documents\"" } else { "documents" };
        let columns = format!("[tables.{table}.columns]\n");
        let declared = project.read("schema.toml");
        assert!(declared.contains(&columns), "{declared}");
        let changed = declared.replace(&columns, &format!("{columns}note = \"text?\"\n"));
        project.write("schema.toml", &changed);
        let third = ["revision", "--autogenerate", "-m", "third", "--url", &url];
        project.ends(0, &third).says(&["third.up.sql"]);
        project.ends(0, &["upgrade", "--url", &url]);
        // As after a clone, where nothing is kept in .aludel.
        let _ = std::fs::remove_dir_all(project.path(".aludel"));
        project.ends(0, &["check", "--url", &url]).says(&["agree"]);
    }
    by_alembic("check", folder.path(), &projects);
}

/// An address as SQLAlchemy has it.
fn driver(url: &str) -> String {
    url.replace("postgres://", "postgresql+psycopg2://")
}

#[test]
fn what_no_revision_creates_is_named_before_anything_is_written() {
    let database = TestDatabase::create("alembic_missing");
    let project = project(&database);
    revise(
        &project,
        &["vectors", "--head", "53fffde5ad50"],
        "d747a8a88790",
        "op.execute('ALTER TABLE account ADD e vector(3)')",
        "op.drop_column('account', 'e')",
    );
    let import = ["import", "alembic", "old", "--alembic", ALEMBIC];
    project.ends(2, &import).says(&[
        "type \"vector\" does not exist",
        "nothing was written",
        "`vector` belongs to the extension `vector`, which no revision creates",
        "`vector = { provided = true }` in `[extensions]`",
        "--url",
    ]);
    assert_eq!(std::fs::read_dir(project.path("migrations")).unwrap().count(), 0);
    assert!(!project.path("schema.toml").exists());
    // As the hint says.
    project.write("schema.toml", "[extensions]\nvector = { provided = true }\n");
    project.ends(0, &import).says(&["wrote schema.toml", "imported 6 revisions"]);
    let written = project.read("schema.toml");
    assert!(written.contains("\"vector(3)?\""), "{written}");
}

/// Who starts with `init` has declared nothing yet.
#[test]
fn what_init_wrote_is_replaced() {
    for platform in [&[][..], &["--platform", "neon"]] {
        let database = TestDatabase::create("adopted_after_init");
        database.execute("CREATE TABLE t (i int)");
        let project = Project::new("");
        project.ends(0, &[&["init"], platform].concat()).says(&["aludel adopt"]);
        project.ends(0, &["adopt", "--url", &database.url()]).says(&["wrote schema.toml"]);
        let written = project.read("schema.toml");
        assert!(written.contains("[tables.t") && !written.contains("documents"), "{written}");
        project.ends(0, &["check", "--url", &database.url()]);
    }
}

/// What others may do with the tables is left out of schema.toml only where that is told.
#[test]
fn privileges_that_are_left_out_are_told() {
    let database = TestDatabase::create("adopted_granted");
    database.execute("CREATE TABLE t (i int); GRANT SELECT ON t TO PUBLIC");
    let url = database.url();
    let project = Project::new("");
    let told = "privileges stay as they are and are not in schema.toml";
    project.ends(0, &["adopt", "--url", &url]).says(&[told, "`aludel adopt --grants`"]);
    project.ends(0, &["check", "--url", &url]);
    database.execute("DROP SCHEMA aludel CASCADE");
    let all = Project::new("");
    let said = all.ends(0, &["adopt", "--grants", "--url", &url]);
    assert!(!said.stderr.contains(told), "{said}");
    assert!(all.read("schema.toml").contains("grants"), "{}", all.read("schema.toml"));
}

#[test]
fn a_database_is_adopted() {
    let database = TestDatabase::create("adopted");
    database.execute(
        "CREATE EXTENSION vector; CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY, \
         e vector(3)); CREATE INDEX ON t USING hnsw (e vector_cosine_ops); INSERT INTO t (e) \
         VALUES ('[1,2,3]')",
    );
    let url = database.url();
    let project = Project::new("");
    let said = project
        .ends(0, &["adopt", "--url", &url, "--rev-id", "aaa"])
        .says(&["recorded as applied: aaa", "wrote schema.toml"]);
    assert!(!said.stderr.contains("privileges"), "{said}");
    project.ends(0, &["check", "--url", &url]).says(&["agree"]);
    project.ends(0, &["upgrade", "--url", &url]).says(&["up to date"]);
    // There was something before aludel, and nothing of aludel leads back there.
    let refused = ["revision `aaa` is irreversible: it has no down file"];
    for target in ["base", "-1"] {
        project.ends(2, &["downgrade", target, "--url", &url]).says(&refused);
        project.ends(2, &["downgrade", target, "--sql", "--url", &url]).says(&refused);
    }
    project.ends(2, &["downgrade", "--sql", "aaa:base"]).says(&refused);
    database.execute("SELECT FROM t");
    let fresh = TestDatabase::create("adopted_fresh");
    project.ends(0, &["upgrade", "--url", &fresh.url()]);
    project.ends(0, &["diff", "--exit-code", &url, &fresh.url()]);
    project.ends(2, &["adopt", "--url", &url]).says(&["the project already has revisions"]);
    let empty = Project::new("");
    empty.ends(2, &["adopt", "--url", &url]).says(&["already managed by aludel"]);
    let nothing = TestDatabase::create("nothing");
    empty.ends(2, &["adopt", "--url", &nothing.url()]).says(&["nothing to adopt"]);
    empty.write("schema.toml", "[tables.t.columns]\nid = \"bigint\"\n");
    empty.ends(2, &["adopt", "--url", &url]).says(&["schema.toml already exists"]);
}
