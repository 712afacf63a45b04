//! Data is lost with consent only: by revisions, generated and written by hand, upward and downward, with a
//! terminal and without.

use aludel::migrator::{Migrator, MigratorError};
use aludel::runner::{RunError, Unconsented};

use super::project::{Outcome, Project};
use super::support::{TestDatabase, block_on, scalar, server_url};

/// Whatever holds data, with rows in it.
const SCHEMA: &str = r#"
[extensions]
vector = "*"

[sequences.tickets]

[tables.docs]
primary_key = ["id"]
[tables.docs.columns]
id = "bigint"
title = "text"
note = "text?"
price = "numeric(10,2)?"
seen = "timestamptz?"
embedding = "vector(3)?"

[tables.old.columns]
id = "bigint"

[tables.events]
partition_by = "range (id)"
[tables.events.columns]
id = "bigint"
[tables.events_1]
partition_of = "events"
values = "FROM (0) TO (100)"

[materialized_views.totals]
definition = "CREATE MATERIALIZED VIEW totals AS SELECT id FROM docs"
"#;

const ROWS: &str = "INSERT INTO docs SELECT i, 'title', 'note', 1.25, now(), '[1,2,3]' FROM generate_series(1, 3) i;
    INSERT INTO old VALUES (1);
    INSERT INTO events VALUES (1);
    SELECT nextval('tickets')";

/// A project whose first revision a database has, with rows.
struct Filled {
    project: Project,
    database: TestDatabase,
}

/// Scratch databases on the server: there are many of them.
fn scratch() -> [&'static str; 2] {
    ["--dev-url", server_url()]
}

impl Filled {
    fn new(hint: &str, schema: &str) -> Self {
        let project = Project::new(schema);
        let generate = ["revision", "--autogenerate", "-m", "first", "--rev-id", "a1"];
        project.ends(0, &[&generate[..], &scratch()].concat());
        let database = TestDatabase::create(hint);
        let filled = Self { project, database };
        filled.ends(0, &["upgrade"]);
        filled
    }

    #[track_caller]
    fn ends(&self, status: i32, arguments: &[&str]) -> Outcome {
        let url = ["--url", &self.database.url()];
        self.project.ends(status, &[arguments, &url, &scratch()].concat())
    }

    /// With a server for scratch databases that does not answer.
    #[track_caller]
    fn without_engine(&self, status: i32, arguments: &[&str]) -> Outcome {
        let (url, dev) = (self.database.url(), "postgres://nobody@127.0.0.1:1/none");
        self.project.ends(status, &[arguments, &["--url", &url, "--dev-url", dev]].concat())
    }

    /// Without a database.
    #[track_caller]
    fn ends_offline(&self, status: i32, arguments: &[&str]) -> Outcome {
        self.project.ends(status, &[arguments, &scratch()].concat())
    }

    /// On a terminal of its own (`script` of util-linux), with something typed.
    fn on_terminal(&self, typed: &str, variables: &[(&str, &str)], arguments: &[&str]) -> Outcome {
        let quoted = |it: &&str| format!("'{}'", it.replace('\'', r"'\''"));
        let words = [&[env!("CARGO_BIN_EXE_aludel")], arguments, &scratch()].concat();
        let line = words.iter().map(quoted).collect::<Vec<_>>().join(" ");
        let mut command = self.project.command_of("script", &["-qec", &line, "/dev/null"]);
        self.project.write("typed", typed);
        let file = std::fs::File::open(self.project.path("typed")).expect("what is typed");
        command.env_remove("CI").envs(variables.iter().copied()).stdin(file);
        Outcome::of(command)
    }

    fn files(&self) -> usize {
        std::fs::read_dir(self.project.path("migrations")).unwrap().count()
    }
}

/// Nothing is written without consent, and with it the header says what is lost; the upgrade needs no other.
#[track_caller]
fn check_generated(filled: &Filled, hint: &str, edit: (&str, &str), loss: &str) {
    assert!(SCHEMA.contains(edit.0), "{}", edit.0);
    filled.project.write("schema.toml", &SCHEMA.replacen(edit.0, edit.1, 1));
    let before = filled.files();
    let generate = ["revision", "--autogenerate", "-m", hint, "--rev-id", "b2"];
    let refused = filled.ends_offline(1, &generate);
    refused.says(&[
        &format!("error: nothing was written: the revision loses data: {loss}\n"),
        "hint: to write it all the same: --allow data-loss\n",
    ]);
    assert_eq!(filled.files(), before, "{hint}");
    filled.ends_offline(0, &[&generate[..], &["--allow", "data-loss"]].concat());
    let up = std::fs::read_dir(filled.project.path("migrations")).unwrap();
    let up = up.map(|it| it.unwrap().path()).find(|it| {
        it.to_string_lossy().contains("_b2_") && it.to_string_lossy().ends_with("up.sql")
    });
    let up = std::fs::read_to_string(up.expect("the up file")).unwrap();
    assert!(up.contains(&format!("-- Allows: data-loss ({loss})\n")), "{up}");
    assert!(up.contains(&format!("; loses {loss}; ")), "{up}");
    for entry in std::fs::read_dir(filled.project.path("migrations")).unwrap() {
        let path = entry.unwrap().path();
        if path.to_string_lossy().contains("_b2_") {
            std::fs::remove_file(path).unwrap();
        }
    }
}

#[test]
fn generated_revisions_lose_data_with_consent_only() {
    let filled = Filled::new("consent_generated", SCHEMA);
    let check = |hint, edit, loss| check_generated(&filled, hint, edit, loss);
    check("column", ("note = \"text?\"\n", ""), "column docs.note");
    check("table", ("[tables.old.columns]\nid = \"bigint\"\n", ""), "table old");
    let partition =
        "[tables.events_1]\npartition_of = \"events\"\nvalues = \"FROM (0) TO (100)\"\n";
    check("partition", (partition, ""), "table events_1");
    check("sequence", ("[sequences.tickets]\n", ""), "sequence tickets");
    let view = &SCHEMA[SCHEMA.find("[materialized_views").unwrap()..];
    check("view", (view, ""), "materialized view totals");
    check("fractions", ("numeric(10,2)?", "integer?"), "values of column docs.price");
    check("time", ("\"timestamptz?\"", "\"date?\""), "values of column docs.seen");
    let discard = "{ type = \"vector(4)?\", on_change = \"discard\" }";
    check("discard", ("\"vector(3)?\"", discard), "values of column docs.embedding");
}

/// A rename that nobody confirms is none, and no drop either.
#[test]
fn what_looks_renamed_is_not_dropped() {
    let filled = Filled::new("consent_renamed", SCHEMA);
    filled.project.write("schema.toml", &SCHEMA.replace("title =", "headline ="));
    let generate = ["revision", "--autogenerate", "-m", "x"];
    filled.ends_offline(1, &generate).says(&[
        "error: nothing was written: column docs.title is dropped and column docs.headline is created\n",
        "pass --rename docs.title=headline\n",
        "hint: if it is none: pass --no-rename docs.title\n",
    ]);
    let refused = filled.ends_offline(1, &[&generate[..], &["--no-rename", "docs.title"]].concat());
    refused.says(&["the revision loses data: column docs.title\n"]);
    filled.ends_offline(0, &[&generate[..], &["--rename", "docs.title=headline"]].concat());
    filled.ends(0, &["upgrade"]);
    assert_eq!(scalar(&filled.database, "SELECT count(headline)::text FROM docs"), "0");
}

/// Revisions by hand have to say so themselves; what they lose is measured.
#[test]
fn revisions_by_hand_lose_data_with_consent_only() {
    let filled = Filled::new("consent_by_hand", SCHEMA);
    filled.database.execute(ROWS);
    for (up, loss) in [
        ("DROP TABLE old;", "table old"),
        ("ALTER TABLE docs DROP note;", "column docs.note"),
        ("DELETE FROM docs WHERE id = 1;", "rows of table docs"),
        ("TRUNCATE events;", "rows of table events"),
        ("DO $$ BEGIN EXECUTE 'DROP TABLE old'; END $$;", "table old"),
        ("DEALLOCATE ALL; DROP TABLE old;", "table old"),
        ("DROP SCHEMA public CASCADE; CREATE SCHEMA public;", "table old"),
        ("ALTER SEQUENCE tickets RESTART;", "current value of sequence tickets"),
        ("ALTER TABLE docs ALTER price TYPE int;", "values of column docs.price"),
        (
            "CREATE TABLE new AS TABLE old; DROP TABLE old; ALTER TABLE new RENAME TO old;",
            "rows of table old",
        ),
    ] {
        filled.project.revision("b2", "a1", up, None);
        let refused = filled.ends(1, &["upgrade"]);
        let refused =
            refused.says(&["revision b2 loses data that its header does not allow: ", loss]);
        refused.says(&[
            "hint: if that is intended, add to the header of revision b2: `-- Allows: data-loss (",
            "also through foreign keys: `aludel review --verbose b2`",
        ]);
    }
    assert_eq!(scalar(&filled.database, "SELECT count(*)::text FROM docs"), "3");
    filled.project.revision("b2", "a1", "ALTER TABLE docs DROP note;", None);
    // No flag takes the place of the header.
    filled.ends(1, &["upgrade", "--allow", "data-loss"]);
    filled.ends(1, &["upgrade", "--sql", "a1:b2"]);
    let told =
        ["losses: revision b2 loses data that its header does not allow\n", "column docs.note"];
    filled.ends_offline(1, &["check"]).says(&told);
    let up = filled.project.read("migrations/b2.up.sql");
    filled.project.allow("b2", "column docs.note");
    filled.ends(0, &["upgrade"]);
    // What was applied is not held against it later.
    filled.project.write("migrations/b2.up.sql", &up);
    filled.ends(0, &["upgrade"]);
}

/// The rows that foreign keys delete along are lost, too.
#[test]
fn foreign_keys_lose_data_along() {
    let schema = r#"
[tables.a]
primary_key = ["id"]
[tables.a.columns]
id = "bigint"

[tables.b]
primary_key = ["id"]
[tables.b.columns]
id = "bigint"
a = "bigint?"
[tables.b.foreign_keys.b_a]
columns = ["a"]
references = "a"
on_delete = "cascade"

[tables.c.columns]
b = "bigint?"
[tables.c.foreign_keys.c_b]
columns = ["b"]
references = "b"
on_delete = "set null"

[tables.d.columns]
a = "bigint?"
[tables.d.foreign_keys.d_a]
columns = ["a"]
references = "a"
"#;
    let filled = Filled::new("consent_along", schema);
    for (up, losses) in [
        ("DELETE FROM a;", "rows of table a, rows of table b, values of column c.b"),
        (
            "TRUNCATE a CASCADE;",
            "rows of table a, rows of table b, rows of table c, rows of table d",
        ),
        (
            "TRUNCATE a, b, c, d;",
            "rows of table a, rows of table b, rows of table c, rows of table d",
        ),
        ("DELETE FROM d;", "rows of table d"),
    ] {
        filled.project.revision("b2", "a1", up, None);
        let header = format!("`-- Allows: data-loss ({losses})`");
        filled.ends(1, &["upgrade"]).says(&[&header]);
    }
}

/// A statement whose words keep data asks for nothing, not even for an engine.
#[test]
fn what_keeps_data_is_not_measured() {
    let filled = Filled::new("consent_keeps", SCHEMA);
    filled.database.execute(ROWS);
    filled.project.revision(
        "b2",
        "a1",
        "ALTER TABLE docs ADD more text; CREATE INDEX ON docs (more);",
        None,
    );
    // On this engine nothing could be measured.
    filled.without_engine(0, &["upgrade"]);
    filled.project.revision("c3", "b2", "ALTER TABLE docs DROP more;", None);
    let refused = filled.without_engine(1, &["upgrade"]);
    refused.says(&[
        "error: it is not known which data upgrade would lose: revision c3\n",
        "it could not be measured on a scratch database: ",
        "hint: to apply it without knowing: --allow data-loss\n",
    ]);
    filled.without_engine(0, &["upgrade", "--allow", "data-loss"]);
}

/// A downgrade says what it loses, with the rows that are there; where there are none, nobody is asked.
#[test]
fn downgrades_lose_rows_with_consent_only() {
    let filled = Filled::new("consent_down", SCHEMA);
    filled.ends(0, &["downgrade", "base"]);
    filled.ends(0, &["upgrade"]);
    filled.database.execute(ROWS);
    filled.ends(1, &["downgrade", "base"]).says(&[
        "error: the downgrade loses data: ",
        "table docs (3 rows)",
        "table old (1 row)",
        "hint: to revert all the same: --allow data-loss\n",
    ]);
    assert_eq!(scalar(&filled.database, "SELECT count(*)::text FROM docs"), "3");
    filled.ends(1, &["downgrade", "--sql", "base"]);
    filled.ends(0, &["downgrade", "base", "--allow", "data-loss"]);
}

/// What `adopt` writes is irreversible: nobody drops a database that was there before.
#[test]
fn an_adopted_database_is_not_reverted() {
    let database = TestDatabase::create("consent_adopt");
    database.execute("CREATE TABLE t (i int); INSERT INTO t VALUES (1)");
    let project = Project::new("");
    std::fs::remove_file(project.path("schema.toml")).unwrap();
    let url = ["--url", &database.url()];
    project.ends(0, &[&["adopt"][..], &url].concat());
    project
        .ends(2, &[&["downgrade", "base", "--allow", "data-loss"][..], &url].concat())
        .says(&["irreversible"]);
    assert_eq!(scalar(&database, "SELECT i::text FROM t"), "1");
}

/// On a new database nothing can be lost, whatever the revisions drop of their own making.
#[test]
fn a_new_database_needs_no_consent() {
    let project = Project::new("");
    project.revision("a1", "", "CREATE TABLE t (i int, j int);", None);
    project.revision("b2", "a1", "ALTER TABLE t DROP j;", None);
    let database = TestDatabase::create("consent_new");
    project.ends(0, &["upgrade", "--url", &database.url()]);
}

/// On a terminal a person is asked, and nobody twice; a pipeline is not, although it may have one.
#[test]
fn a_person_is_asked() {
    let filled = Filled::new("consent_asked", SCHEMA);
    filled.database.execute(ROWS);
    let url = ["--url", &filled.database.url()];
    filled.project.write("schema.toml", &SCHEMA.replacen("note = \"text?\"\n", "", 1));
    let generate = ["revision", "--autogenerate", "-m", "x"];
    let before = filled.files();
    let asked = "the revision loses data: column docs.note; write it? [y/N] ";
    filled.on_terminal("n\n", &[], &generate).ended(1).says(&[asked, "nothing was written"]);
    filled.on_terminal("y\n", &[("CI", "true")], &generate).ended(1).says(&["--allow data-loss"]);
    assert_eq!(filled.files(), before);
    filled.on_terminal("y\n", &[], &generate).ended(0).says(&[asked]);
    filled.on_terminal("", &[], &[&["upgrade"][..], &url].concat()).ended(0);
    let downgrade = [&["downgrade", "base"][..], &url].concat();
    let refused = filled.on_terminal("n\n", &[], &downgrade).ended(1);
    refused.says(&["table docs (3 rows)", "revert all the same? [y/N] ", "nothing was reverted"]);
    assert_eq!(scalar(&filled.database, "SELECT count(*)::text FROM docs"), "3");
    filled.on_terminal("y\n", &[], &downgrade).ended(0);
}

/// A review does not repeat what the header of a revision has consented to.
#[test]
fn a_review_heeds_the_header() {
    let filled = Filled::new("consent_review", SCHEMA);
    filled.project.revision(
        "b2",
        "a1",
        "SET lock_timeout = '1s';\nALTER TABLE docs DROP note;",
        None,
    );
    filled.ends_offline(1, &["review", "b2"]).says(&["error[drop-column]"]);
    filled.project.allow("b2", "column docs.note");
    filled.ends_offline(0, &["review", "b2"]);
}

/// What has another name afterwards is not lost, whatever renames it.
#[test]
fn renames_lose_nothing() {
    let filled = Filled::new("consent_rename", SCHEMA);
    filled.database.execute(ROWS);
    let up = "DO $$ BEGIN ALTER TABLE docs RENAME note TO remark; ALTER TABLE old RENAME TO older; END $$;";
    filled.project.revision("b2", "a1", up, None);
    filled.ends(0, &["upgrade"]);
    let kept = "SELECT count(remark)::text FROM docs";
    assert_eq!(scalar(&filled.database, kept), "3");
}

/// A program has no scratch database: without a proof it needs to be told, with one the header decides.
#[test]
fn programs_lose_data_with_consent_only() {
    let filled = Filled::new("consent_program", SCHEMA);
    filled.database.execute(ROWS);
    filled.project.revision("b2", "a1", "ALTER TABLE docs DROP note;", None);
    let url = filled.database.url();
    let migrator = || Migrator::from_directory(filled.project.path("migrations")).unwrap();
    let refused = |migrator: Migrator| match block_on(migrator.upgrade(&url, "head")) {
        Err(MigratorError::Run(RunError::Unconsented(refused))) => refused,
        other => panic!("{other:?}"),
    };
    assert!(matches!(refused(migrator()), Unconsented::Unknown { .. }));
    filled.project.allow("b2", "table old");
    filled.ends_offline(0, &["pull", "migrations", "-o", "schema.toml"]);
    filled.ends_offline(1, &["check", "--write-proofs"]).says(&["column docs.note"]);
    filled.ends_offline(0, &["check", "--write-proofs", "--allow", "data-loss"]);
    let up = filled.project.read("migrations/b2.up.sql");
    assert!(up.contains("-- Allows: data-loss (table old, column docs.note)\n"), "{up}");
    let told = block_on(migrator().upgrade(&url, "head")).expect("its header allows it");
    assert_eq!(told.finished.len(), 1);
}
