//! Files with `BEGIN; … COMMIT;` blocks on a real server: the same transactions by a run, by `psql -f`
//! and by the script of `--sql`, and a run that goes on behind the blocks that are done.

use std::process::Command;

use aludel::ledger::Direction;
use aludel::runner::{FailurePlace, Left, RunError};

use crate::offline::{ledger, psql, psql_program};
use crate::project::{Outcome, Project};
use crate::runner::{Bench, ids};
use crate::support::TestDatabase;

const TABLES: &str = "SELECT relname FROM pg_class WHERE relkind = 'r' \
                      AND relnamespace = 'public'::regnamespace ORDER BY 1";

#[tokio::test]
async fn a_block_that_fails_leaves_those_before_it_applied() {
    let bench = Bench::new("blocks").await;
    let up = |second: &str| {
        format!(
            "begin;\ncreate table a (i int);\ncommit;\n\n\
             begin;\ncreate table b (i int);\n{second};\ncommit;\n\n\
             begin;\ncreate table c (i int);\ncommit;\n"
        )
    };
    bench.revision("r", "", &up("insert into b values ('x')"), "");
    let RunError::Failed(failure) = bench.up().await.unwrap_err() else { panic!() };
    assert_eq!(failure.place, Some(FailurePlace { line: 11, column: 23 }));
    assert_eq!(failure.left, Left::Segments { done: 1, of: 3 });
    assert_eq!(bench.query(TABLES).await, ["(a)"]);
    bench.revision("r", "", &up("insert into b values (1)"), "");
    let (done, told) = bench.observed(Direction::Up, "head").await;
    assert_eq!(ids(&done.unwrap()), ["r"]);
    assert_eq!(told, ["started r at 1", "line 10", "line 11", "line 15", "finished r"]);
    assert_eq!(bench.query(TABLES).await, ["(a)", "(b)", "(c)"]);
    assert_eq!(bench.events().await, ["(failure,r,22P02)", "(upgrade,r,)"]);
}

#[tokio::test]
async fn one_block_is_one_transaction_with_the_ledger() {
    let bench = Bench::new("one_block").await;
    let up = "begin;\ncreate table a ();\nselect 1 / 0;\ncommit;";
    bench.revision("r", "", up, "begin;\ndrop table a;\ncommit;");
    let RunError::Failed(failure) = bench.up().await.unwrap_err() else { panic!() };
    assert_eq!(failure.left, Left::Nothing);
    assert_eq!(bench.query("SELECT id FROM aludel.revision").await, [""; 0]);
    bench.revision("r", "", &up.replace("1 / 0", "1"), "begin;\ndrop table a;\ncommit;");
    bench.up().await.unwrap();
    bench.run(Direction::Down, "base").await.unwrap();
    assert_eq!(bench.query(TABLES).await, [""; 0]);
}

#[tokio::test]
async fn a_block_sets_the_isolation_level_of_its_transaction() {
    let bench = Bench::new("isolation").await;
    let block = |table: &str| {
        format!(
            "begin;\nset transaction isolation level serializable;\n\
             create table {table} as select current_setting('transaction_isolation') as it;\ncommit;\n"
        )
    };
    bench.revision("r", "", &format!("set work_mem = '5MB';\n{}{}", block("a"), block("b")), "");
    bench.revision("s", "r", &block("c"), "");
    bench.up().await.unwrap();
    let levels = "SELECT it FROM a UNION ALL SELECT it FROM b UNION ALL SELECT it FROM c";
    assert_eq!(bench.query(levels).await, ["(serializable)"; 3]);
}

/// Everything about which psql and a run could be of two minds.
const UP: &str = "\
SET search_path = s, public;

BEGIN;
CREATE SCHEMA s;
CREATE TABLE t (i integer);
SET LOCAL search_path = public;
CREATE TABLE u (i integer);
LOCK TABLE u;
SAVEPOINT a;
DROP TABLE u;
ROLLBACK TO SAVEPOINT a;
COMMIT;

CREATE INDEX CONCURRENTLY t_i ON t (i);
SET LOCAL search_path = public;
CREATE TABLE v (i integer);

BEGIN;
COMMIT;

START TRANSACTION;
CREATE TYPE mood AS ENUM ('a');
ALTER TYPE mood ADD VALUE 'b';
CREATE TABLE w (m mood);
END;
RESET search_path;
DO $$ BEGIN CREATE TABLE x (); COMMIT; CREATE TABLE y (); END $$;
";

const DOWN: &str =
    "BEGIN;\nDROP SCHEMA s CASCADE;\nCOMMIT;\n\nBEGIN;\nDROP TABLE u, x, y;\nCOMMIT;\n";

fn project() -> Project {
    let project = Project::new("");
    project.revision("a1", "", UP, Some(DOWN));
    project
}

#[test]
fn psql_makes_the_same_transactions() {
    let project = project();
    let (run, file, script) =
        (TestDatabase::create("run"), TestDatabase::create("file"), TestDatabase::create("script"));
    let schema = |it: &TestDatabase| project.ends(0, &["pull", &it.url()]).stdout;
    let psql_file = |it: &TestDatabase, name: &str| {
        let mut command = Command::new(psql_program());
        let path = project.path(name);
        command.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", &it.url(), "-f"]).arg(path);
        Outcome::of(command).ended(0);
    };
    project.ends(0, &["upgrade", "--url", &run.url()]);
    psql_file(&file, "migrations/a1.up.sql");
    let sql = project.ends(0, &["upgrade", "--sql"]).stdout;
    for time in ["the first time", "the second time"] {
        assert_eq!(psql(&script, &sql), (Some(0), String::new()), "{time}");
    }
    assert_eq!(schema(&file), schema(&run));
    assert_eq!(schema(&script), schema(&run));
    for table in ["\"s.t\".columns", "u.columns", "\"s.v\".columns", "\"s.w\".columns", "x", "y"] {
        assert!(schema(&run).contains(&format!("[tables.{table}]")), "{table}");
    }
    assert_eq!(ledger(&script), ledger(&run));
    // The scratch engine makes few of these transactions, and the same comes of it.
    project.ends(0, &["diff", "migrations", &run.url(), "--exit-code"]);

    project.ends(0, &["downgrade", "base", "--allow", "data-loss", "--url", &run.url()]);
    psql_file(&file, "migrations/a1.down.sql");
    let sql = project.ends(0, &["downgrade", "--sql", "a1:base", "--allow", "data-loss"]).stdout;
    let (status, said) = psql(&script, &sql);
    assert_eq!(status, Some(0), "{said}");
    assert_eq!(schema(&file), schema(&run));
    assert_eq!(ledger(&script), ledger(&run));
}

#[cfg(feature = "embedded")]
#[test]
fn the_embedded_engine_runs_blocks() {
    let project = Project::new("");
    let up = "BEGIN;\nCREATE TABLE a ();\nCOMMIT;\nBEGIN;\nCREATE TABLE b ();\nCOMMIT;";
    project.revision("a1", "", up, Some("BEGIN;\nDROP TABLE a, b;\nCOMMIT;"));
    project.ends(0, &["upgrade"]).says(&["applied a1"]);
    project.ends(0, &["downgrade", "base"]).says(&["a1"]);
}

#[test]
fn a_mistake_stops_a_run_before_it_begins() {
    let project = Project::new("");
    project.revision("a1", "", "CREATE TABLE a ();", None);
    project.revision("b1", "a1", "BEGIN;\nVACUUM;\nCOMMIT;", None);
    let database = TestDatabase::create("mistakes");
    let message = "migrations/b1.up.sql:6: `VACUUM` cannot run inside a transaction block: move it \
                   out of the block that begins in line 5";
    project.ends(2, &["upgrade", "--url", &database.url()]).says(&[message]);
    project.ends(2, &["upgrade", "--sql"]).says(&[message]);
    project.ends(2, &["check"]).says(&[message]);
    let none = "-- Transaction: none\n\nBEGIN;\nCREATE TABLE b ();\nCOMMIT;";
    project.write("migrations/b1.up.sql", &format!("-- Revision: b1\n-- Revises: a1\n{none}"));
    for command in [&["upgrade", "--url", &database.url()][..], &["check"]] {
        project.ends(2, command).says(&["b1.up.sql:5: `BEGIN` in a revision whose header says"]);
    }
}
