//! Revisions and sources as people and other tools write them: line ends, marks, rows of COPY, lines
//! for psql, and statements that want no transaction.

use crate::offline::psql;
use crate::project::Project;
use crate::support::{TestDatabase, block_on};

fn query(database: &TestDatabase, sql: &str) -> Vec<String> {
    let sql = format!("SELECT t::text FROM ({sql}) AS t");
    block_on(async {
        let rows = database.connect().await.query(&sql, &[]).await.unwrap();
        rows.iter().map(|it| it.get(0)).collect()
    })
}

/// Runs revisions by the program and by the script for psql, each on a database of its own.
fn both_ways(project: &Project, check: impl Fn(&TestDatabase)) {
    let run = TestDatabase::create("run");
    project.ends(0, &["upgrade", "--url", &run.url()]);
    check(&run);
    let script = project.ends(0, &["upgrade", "--sql"]).stdout;
    let piped = TestDatabase::create("piped");
    let (status, said) = psql(&piped, &script);
    assert_eq!(status, Some(0), "{said}\n{script}");
    check(&piped);
}

#[test]
fn a_carriage_return_ends_a_comment() {
    let project = Project::new("");
    project.revision(
        "a",
        "",
        "CREATE TABLE victim ();\rCREATE TABLE t (); -- c\rDROP TABLE victim;",
        None,
    );
    let shown = project.ends(0, &["upgrade", "--sql"]).stdout;
    assert!(shown.contains("\nDROP TABLE victim;"), "{shown}");
    both_ways(&project, |database| {
        assert_eq!(query(database, "SELECT to_regclass('victim')"), ["()"]);
        assert_eq!(query(database, "SELECT to_regclass('t')"), ["(t)"]);
    });
}

/// Whatever a header or a comment holds, no line of it becomes a statement of the script.
#[test]
fn comments_of_a_script_stay_comments() {
    let project = Project::new("");
    project.write(
        "migrations/a.up.sql",
        "-- Revision: a\n-- Message: x\rDROP TABLE victim;\n\n/* one\rDROP TABLE victim; */\nCREATE TABLE t ();\n",
    );
    let script = project.ends(0, &["upgrade", "--sql", "--allow", "data-loss"]).stdout;
    let naked = |it: &str| it.starts_with("DROP");
    // Once: after the message, where the header ends.
    assert_eq!(script.split(['\r', '\n']).filter(|it| naked(it)).count(), 1, "{script}");
    project.ends(2, &["revision", "-m", "a\rDROP TABLE victim;"]).says(&["one line of text"]);
}

#[test]
fn marks_and_line_ends_of_other_systems() {
    let project = Project::new("");
    let text = "\u{feff}-- Revision: a\r\n-- Message: from afar\r\n\r\n-- One.\r\nCREATE TABLE one (i int);\r\n\
                VACUUM one;\r\nINSERT INTO one VALUES (1);\r\n";
    project.write("migrations/a.up.sql", text);
    project.write("migrations/a.down.sql", "\u{feff}DROP TABLE one;\r\n");
    let database = TestDatabase::create("crlf");
    let url = database.url();
    project.ends(0, &["upgrade", "--url", &url]).says(&["applied a from afar"]);
    project.write("migrations/a.up.sql", &text.replace("\r\n", "\n").replace('\u{feff}', ""));
    let status = project.ends(0, &["status", "--url", &url]);
    assert!(!status.stdout.contains("edited"), "{status}");
    project.ends(0, &["downgrade", "--allow", "data-loss", "base", "--url", &url]);
    project.write("marked.sql", "\u{feff}CREATE TABLE t (i int);\r\n");
    project.ends(0, &["diff", "empty", "marked.sql"]).says(&["CREATE TABLE t"]);
}

const COPY: &str = "CREATE TABLE t (id int PRIMARY KEY, name text);\n\
                    COPY t (id, name) FROM STDIN; -- two rows\n1\tit's \\\\; $$\n2\t\\N\n\\.\n\
                    ALTER TABLE t ADD CHECK (id > 0);\n\
                    COPY t FROM STDIN WITH (FORMAT csv);\n3,\"a;\"\"b\"\n\\.\nCREATE TABLE u ();";

#[test]
fn rows_of_copy_are_loaded_by_a_revision() {
    let project = Project::new("");
    project.revision("a", "", COPY, Some("DROP TABLE t, u;"));
    project.revision("b", "a", "INSERT INTO t VALUES (4, 'after the others') RETURNING id;", None);
    let database = TestDatabase::create("copy");
    project.ends(0, &["upgrade", "--url", &database.url()]);
    assert_eq!(
        query(&database, "SELECT id, name FROM t ORDER BY id"),
        ["(1,\"it's \\\\; $$\")", "(2,)", "(3,\"a;\"\"b\")", "(4,\"after the others\")"]
    );
    project
        .ends(2, &["upgrade", "--sql"])
        .says(&["migrations/a.up.sql:5: --sql cannot carry the rows of COPY FROM STDIN"]);
    // The scratch database loads them, too, for what follows may need them.
    project.ends(0, &["diff", "migrations", &database.url(), "--exit-code"]);
}

#[test]
fn refused_rows_undo_the_revision() {
    let project = Project::new("");
    project.revision("a", "", &COPY.replace("\n2\t", "\n1\t"), None);
    let database = TestDatabase::create("copy_refused");
    project.ends(3, &["upgrade", "--url", &database.url()]).says(&[
        "migrations/a.up.sql:5",
        "duplicate key value",
        "23505",
    ]);
    assert_eq!(query(&database, "SELECT to_regclass('t')"), ["()"]);
    project.revision("a", "", "COPY t FROM STDIN;\n1\n", None);
    project
        .ends(2, &["upgrade", "--url", &database.url()])
        .says(&["migrations/a.up.sql:4: the rows of COPY FROM STDIN are missing"]);
}

#[test]
fn rows_of_copy_in_a_source_are_counted() {
    let project = Project::new("");
    project.write("dump.sql", &format!("\\restrict abc\n{COPY}\n\\unrestrict abc\n"));
    let outcome = project.ends(0, &["diff", "empty", "dump.sql"]);
    let said = [
        "dump.sql: skipped 3 rows, because only the schema is read: 2 COPY statements",
        "dump.sql:1: skipped \\restrict, a psql command",
        "CREATE TABLE t",
        "CREATE TABLE u",
    ];
    outcome.says(&said);
}

#[test]
fn lines_for_psql_are_left_out_of_a_revision() {
    let project = Project::new("");
    let up =
        "\\restrict abc\nCREATE TABLE t ();\n\\connect other\nCREATE TABLE u ();\n\\unrestrict abc";
    project.revision("a", "", up, None);
    let database = TestDatabase::create("lines");
    project
        .ends(0, &["upgrade", "--url", &database.url()])
        .says(&["migrations/a.up.sql:6: skipped \\connect, a psql command"]);
    let script =
        project.ends(0, &["upgrade", "--sql"]).says(&["-- skipped: \\connect in line 6"]).stdout;
    assert!(!script.contains("\n\\connect"), "{script}");
    project.revision("a", "", "\\copy t from 'x'", None);
    project
        .ends(2, &["upgrade", "--sql"])
        .says(&["migrations/a.up.sql:4: `\\copy` is a command of psql, not SQL"]);
}

/// Procedures and blocks that commit on their own.
const COMMITS: &str = "-- Transaction: none\n\nCREATE TABLE t (i int);\n\
    CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN\n\
      FOR i IN 1..3 LOOP INSERT INTO t VALUES (i); COMMIT; END LOOP; END $$;\n\
    SET search_path = public, pg_temp;\nCALL p();\n\
    DO $$ BEGIN INSERT INTO t VALUES (4); COMMIT; INSERT INTO t VALUES (5); END $$;\n\
    CREATE TABLE path AS SELECT current_setting('search_path') AS it;\n";

fn outside() -> Project {
    let project = Project::new("");
    project
        .write("migrations/a.up.sql", &format!("-- Revision: a\n-- Message: commits\n{COMMITS}"));
    project.write(
        "migrations/a.down.sql",
        "DROP TABLE t, path;\nDO $$ BEGIN DROP PROCEDURE p; COMMIT; END $$;",
    );
    project
}

#[test]
fn a_revision_may_run_outside_of_a_transaction() {
    both_ways(&outside(), |database| {
        assert_eq!(query(database, "SELECT count(*) FROM t"), ["(5)"]);
        assert_eq!(query(database, "SELECT it FROM path"), ["(\"public, pg_temp\")"]);
        let row = "SELECT state, segments_done, segments FROM aludel.revision";
        assert_eq!(query(database, row), ["(applied,6,6)"]);
    });
    let project = outside();
    let database = TestDatabase::create("outside");
    let url = database.url();
    let all = "[migrations]\ntransaction = \"all\"\n";
    project.write("aludel.toml", all);
    project.ends(0, &["upgrade", "--url", &url]);
    project.ends(0, &["downgrade", "--allow", "data-loss", "base", "--url", &url]);
    let left = "SELECT to_regclass('t'), to_regproc('p')";
    assert_eq!(query(&database, left), ["(,)"]);
    project.ends(0, &["diff", "empty", "migrations"]).says(&["CREATE PROCEDURE p"]);
}

/// What a procedure has committed stays; the run goes on with the statement that failed.
#[test]
fn what_ran_outside_of_a_transaction_is_gone_on_with() {
    let project = outside();
    let text = project.read("migrations/a.up.sql");
    project.write("migrations/a.up.sql", &text.replace("VALUES (5)", "VALUES (1 / 0)"));
    let database = TestDatabase::create("goes_on_outside");
    let url = database.url();
    project.ends(3, &["upgrade", "--url", &url]).says(&["division by zero", "4 of 6 parts"]);
    project.write("migrations/a.up.sql", &text);
    project.ends(0, &["upgrade", "--url", &url]).says(&["continuing after 4 parts"]);
    assert_eq!(
        query(&database, "SELECT i, count(*) FROM t GROUP BY i ORDER BY i"),
        ["(1,1)", "(2,1)", "(3,1)", "(4,2)", "(5,1)"]
    );
}

#[test]
fn another_word_than_none_is_a_mistake() {
    let project = Project::new("");
    project.write("migrations/a.up.sql", "-- Revision: a\n-- Transaction: off\n");
    project
        .ends(2, &["upgrade", "--sql"])
        .says(&["migrations/a.up.sql:2: `off` is not a transaction mode: the only one is `none`"]);
}
