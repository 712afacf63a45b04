//! Ledgers and folders of the first scheme of checksums, as that version left them, go on.

use std::fs;
use std::path::Path;

use crate::project::Project;
use crate::support::{TestDatabase, block_on};

/// A project with the files of a folder, and a database as the older version left it.
fn older(name: &str, files: &str) -> (Project, TestDatabase) {
    let project = Project::new("");
    place(&project, name, files);
    let database = TestDatabase::create(name);
    database.execute(&fs::read_to_string(folder(name).join("ledger.sql")).unwrap());
    (project, database)
}

fn folder(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/older_ledgers").join(name)
}

/// Makes the files of the project those of a folder.
fn place(project: &Project, name: &str, files: &str) {
    fs::remove_dir_all(project.path("migrations")).unwrap();
    fs::create_dir(project.path("migrations")).unwrap();
    for entry in fs::read_dir(folder(name).join(files)).unwrap() {
        let path = entry.unwrap().path();
        let to = project.path("migrations").join(path.file_name().unwrap());
        fs::copy(path, to).unwrap();
    }
}

fn query(database: &TestDatabase, sql: &str) -> Vec<String> {
    let sql = format!("SELECT t::text FROM ({sql}) AS t");
    block_on(async {
        let rows = database.connect().await.query(&sql, &[]).await.unwrap();
        rows.iter().map(|it| it.get(0)).collect()
    })
}

const SCHEMES: &str = "SELECT id, state, left(checksum, 3), left(chain, 3), chain ~ ' v1:' AS older \
                       FROM aludel.revision ORDER BY id";
const TIMES: &str =
    "SELECT id, applied_at, duration FROM aludel.revision WHERE id <= 'c' ORDER BY id";

#[test]
fn an_older_ledger_goes_on() {
    let (project, database) = older("working", "migrations");
    let url = database.url();
    let before = query(&database, TIMES);
    let status = project.ends(1, &["status", "--url", &url]).says(&["interrupted: d is applying"]);
    assert!(!status.stdout.contains("mismatch") && !status.stdout.contains("edited"), "{status}");

    let half = project.read("migrations/d.up.sql").replace("boom", "'mended'");
    project.write("migrations/d.up.sql", &half);
    project.ends(0, &["upgrade", "--url", &url]).says(&["continuing after 2 parts"]);
    assert_eq!(
        query(&database, SCHEMES),
        [
            "(a,applied,v2:,v2:,t)",
            "(b,applied,v2:,v2:,t)",
            "(c,applied,v2:,v2:,t)",
            "(d,applied,v2:,v2:,f)"
        ]
    );
    assert_eq!(query(&database, TIMES), before);

    let commented = project.read("migrations/a.up.sql").replace("Create table", "The table of");
    project.write("migrations/a.up.sql", &commented);
    project.revision("e", "d", "CREATE TABLE more (i int);", Some("DROP TABLE more;"));
    project.ends(0, &["upgrade", "--url", &url]).says(&["applied e"]);
    project.ends(0, &["downgrade", "--allow", "data-loss", "c", "--url", &url]);
}

#[test]
fn an_up_to_date_ledger_is_brought_up_by_the_first_run() {
    let (project, database) = older("squashed", "before");
    let url = database.url();
    project.ends(0, &["upgrade", "--url", &url]).says(&["nothing to do"]);
    let expected = ["(x,applied,v2:,v2:,t)", "(y,applied,v2:,v2:,t)", "(z,applied,v2:,v2:,t)"];
    assert_eq!(query(&database, SCHEMES), expected);
}

/// Where there is nothing to do, who may only read the ledger is not stopped by its age.
#[test]
fn an_older_ledger_that_may_only_be_read() {
    let (project, database) = older("squashed", "before");
    let role = format!("aludel_reader_{}", std::process::id());
    database.execute(&format!(
        "CREATE ROLE {role} LOGIN PASSWORD 'reader'; GRANT USAGE ON SCHEMA aludel TO {role}; \
         GRANT SELECT ON ALL TABLES IN SCHEMA aludel TO {role}"
    ));
    let url = database.url();
    let (_, host) = url.split_once('@').unwrap();
    let url = format!("postgres://{role}:reader@{host}");
    project.ends(0, &["upgrade", "--url", &url]).says(&["nothing to do"]);
    let expected = ["(x,applied,v1:,v1:,f)", "(y,applied,v1:,v1:,f)", "(z,applied,v1:,v1:,f)"];
    assert_eq!(query(&database, SCHEMES), expected);
    database.execute(&format!("DROP OWNED BY {role}; DROP ROLE {role}"));
}

/// What was squashed by the older version names a chain of the older scheme, which the ledger may
/// have left behind by then.
#[test]
fn what_was_squashed_before_is_carried_over() {
    for first_brought_up in [false, true] {
        let (project, database) = older("squashed", "before");
        let url = database.url();
        if first_brought_up {
            project.ends(0, &["upgrade", "--url", &url]);
        }
        place(&project, "squashed", "after");
        project.revision("n", "z", "CREATE TABLE four (i int);", Some("DROP TABLE four;"));
        project.ends(0, &["upgrade", "--url", &url]).says(&["applied n"]);
        let rows = query(&database, "SELECT id, parents FROM aludel.revision ORDER BY id");
        assert_eq!(rows, ["(n,{z})", "(y,{})", "(z,{y})"]);
        project.ends(0, &["upgrade", "--url", &url]).says(&["nothing to do"]);
        project.ends(0, &["downgrade", "--allow", "data-loss", "base", "--url", &url]);
    }
}

/// The older checksum is over all bytes of both files, so an edit before the first run is no
/// different from one of the statements.
#[test]
fn edits_of_older_files_stop_until_they_are_accepted() {
    let (project, database) = older("squashed", "before");
    let url = database.url();
    let text = project.read("migrations/y.up.sql").replace("two\n", "two tables\n");
    project.write("migrations/y.up.sql", &text);
    project
        .ends(1, &["upgrade", "--url", &url])
        .says(&["y.up.sql or migrations/y.down.sql: revision `y` was edited", "`aludel repair y`"]);
    project.ends(0, &["repair", "y", "--url", &url]).says(&["accepted the files of y"]);
    project.ends(0, &["upgrade", "--url", &url]).says(&["nothing to do"]);
    let events =
        query(&database, "SELECT action, revision FROM aludel.event ORDER BY id DESC LIMIT 1");
    assert_eq!(events, ["(repair,y)"]);
}

/// A new down file shows also where only the older checksum is known.
#[test]
fn a_new_down_file_beside_an_older_row() {
    let (project, database) = older("working", "migrations");
    let url = database.url();
    project.write("migrations/b.down.sql", "ALTER TABLE notes DROP author;");
    let half = project.read("migrations/d.up.sql").replace("boom", "'mended'");
    project.write("migrations/d.up.sql", &half);
    project.ends(0, &["upgrade", "--url", &url]);
    project
        .ends(0, &["status", "--url", &url])
        .says(&["edited: migrations/b.down.sql: this down file was added", "`aludel repair`"]);
    project.ends(0, &["downgrade", "--allow", "data-loss", "a", "--url", &url]);
}
