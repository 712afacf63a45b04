//! What interrupted statements leave, found and cleared away: statements that are refused, done without
//! being marked, edited or removed since, or not alone in what they left. How they are cut off in the
//! middle is told in `cut`.

use aludel::ledger::Direction;
use aludel::runner::{Cause, RunError, RunFailure};

use crate::offline::psql;
use crate::project::Project;
use crate::runner::{Bench, ids, until};
use crate::support::{TestDatabase, block_on};

/// A table in which a unique index cannot be built, until its rows are deleted.
const TWICE: &str = "create table t (i int);\ninsert into t values (1), (1);\n";
/// The indexes of that table.
const INDEXES: &str = "SELECT indexrelid::regclass, indisvalid, indisunique FROM pg_index \
                       WHERE indrelid = to_regclass('t') ORDER BY 1";

async fn fails(bench: &Bench) -> RunFailure {
    let RunError::Failed(failure) = bench.up().await.unwrap_err() else { panic!() };
    *failure
}

async fn execute(bench: &Bench, sql: &str) {
    bench.client().await.batch_execute(sql).await.unwrap();
}

#[tokio::test]
async fn an_index_without_a_name_is_built_once() {
    let bench = Bench::new("unnamed").await;
    bench.revision("a", "", &format!("{TWICE}create unique index concurrently on t (i);"), "");
    for _ in 0..2 {
        let failure = fails(&bench).await;
        assert_eq!(failure.sqlstate(), Some("23505"));
        let left = failure.unfinished.unwrap().left.unwrap();
        let left: Vec<_> = left.iter().map(ToString::to_string).collect();
        assert_eq!(left, ["invalid index t_i_idx of table t"]);
    }
    execute(&bench, "delete from t").await;
    let (done, told) = bench.observed(Direction::Up, "head").await;
    assert_eq!(ids(&done.unwrap()), ["a"]);
    assert_eq!(
        told,
        ["started a at 1", "clearing invalid index t_i_idx of table t", "line 7", "finished a"]
    );
    assert_eq!(bench.query(INDEXES).await, ["(t_i_idx,t,t)"]);
}

#[tokio::test]
async fn what_others_left_is_left_alone_and_named() {
    let bench = Bench::new("others").await;
    let up = format!("{TWICE}create unique index concurrently on t (i);");
    bench.revision("a", "", &up, "");
    bench.revision("b", "a", "reindex table concurrently t;", "");
    fails(&bench).await;
    let other = "create unique index concurrently other on t (i)";
    assert!(bench.client().await.batch_execute(other).await.is_err());
    execute(&bench, "delete from t").await;
    let (done, told) = bench.observed(Direction::Up, "head").await;
    assert_eq!(ids(&done.unwrap()), ["a", "b"]);
    let alone = "left alone: invalid index other of table t";
    assert_eq!(told.iter().filter(|it| *it == alone).count(), 2, "{told:?}");
    assert!(told.contains(&"clearing invalid index t_i_idx of table t".to_owned()), "{told:?}");
    assert_eq!(bench.query(INDEXES).await, ["(other,f,t)", "(t_i_idx,t,t)"]);
}

/// As if a run had ended after its last statement and before it could mark it as done.
const UNMARKED: &str = "UPDATE aludel.revision SET state = 'applying', \
     segments_done = segments - 1, segment_open = true; \
     DELETE FROM aludel.event WHERE detail IS NULL";

#[tokio::test]
async fn what_is_done_is_not_done_again() {
    let name = format!("aludel_test_done_{}", std::process::id());
    let setup = "create table t (i int primary key);\ncreate index t_x on t (i);\n\
                 create table p (i int) partition by list (i);\n\
                 create table p1 partition of p for values in (1);\ncreate index on p (i);\n";
    for statement in [
        "create index concurrently on t (i)",
        "create index concurrently if not exists t_y on t (i)",
        "drop index concurrently t_x",
        "drop index concurrently if exists t_x",
        "reindex index concurrently t_x",
        "reindex table concurrently t",
        "reindex table concurrently p",
        "reindex (concurrently) index p_i_idx",
        "alter table p detach partition p1 concurrently",
        &format!("create database {name}"),
        &format!("drop database {name}"),
    ] {
        let bench = Bench::new("done").await;
        bench.revision("a", "", &format!("{setup}{statement};"), "");
        bench.up().await.unwrap();
        let all = "SELECT oid, relname FROM pg_class WHERE oid >= 16384 ORDER BY oid";
        let before = bench.query(all).await;
        execute(&bench, UNMARKED).await;
        let (done, told) = bench.observed(Direction::Up, "head").await;
        assert_eq!(ids(&done.unwrap()), ["a"], "{statement}");
        assert_eq!(told, ["started a at 1", "finished a"], "{statement}");
        assert_eq!(bench.query(all).await, before, "{statement}");
    }
}

/// Without a publisher: the catalog alone says whether they were done.
#[tokio::test]
async fn what_is_done_to_subscriptions_is_not_done_again() {
    let create =
        "create subscription s connection 'dbname=nowhere' publication p with (connect = false)";
    let add = "alter subscription s add publication q with (refresh = false)";
    let remove = "alter subscription s drop publication p with (refresh = false)";
    let detach = "alter subscription s set (slot_name = none)";
    for before in [
        vec![create],
        vec![create, add],
        vec![create, add, remove],
        vec![create, detach, "drop subscription s"],
    ] {
        let bench = Bench::new("subscriptions").await;
        bench.revision(
            "a",
            "",
            &before.iter().map(|it| format!("{it};\n")).collect::<String>(),
            "",
        );
        bench.up().await.unwrap();
        let subscriptions = "SELECT s.subname, s.subpublications FROM pg_subscription AS s JOIN pg_database AS d \
                             ON d.oid = s.subdbid WHERE d.datname = current_database()";
        let there = bench.query(subscriptions).await;
        execute(&bench, UNMARKED).await;
        let (done, told) = bench.observed(Direction::Up, "head").await;
        let again = bench.query(subscriptions).await;
        if !again.is_empty() {
            execute(&bench, detach).await;
            execute(&bench, "drop subscription s").await;
        }
        assert_eq!(ids(&done.unwrap()), ["a"], "{before:?}");
        assert_eq!((told.len(), again), (2, there), "{before:?}: {told:?}");
    }
}

/// What is rebuilt all over, because nothing tells that it was.
#[tokio::test]
async fn what_may_be_done_again_is() {
    let setup = "create table t (i int primary key);\n";
    for statement in
        ["reindex schema concurrently public", "reindex schema public", "vacuum t", "cluster"]
    {
        let bench = Bench::new("again").await;
        bench.revision("a", "", &format!("{setup}{statement};"), "");
        bench.up().await.unwrap();
        execute(&bench, UNMARKED).await;
        let (done, told) = bench.observed(Direction::Up, "head").await;
        assert_eq!(ids(&done.unwrap()), ["a"], "{statement}");
        assert_eq!(told, ["started a at 1", "line 6", "finished a"], "{statement}");
    }
}

/// A run that does not wait indefinitely for a partition's users finishes the detach as soon as it can.
#[tokio::test]
async fn a_detach_that_waited_too_long_is_finished() {
    let bench = Bench::new("detach").await;
    let setup = "create table p (i int) partition by list (i); \
                 create table p1 partition of p for values in (1)";
    execute(&bench, setup).await;
    bench.revision("a", "", "alter table p detach partition p1 concurrently;", "");
    let reader = bench.client().await;
    reader.batch_execute("BEGIN; SELECT FROM p").await.unwrap();
    let release = async {
        let client = bench.client().await;
        until(&client, "SELECT count(*) > 0 FROM pg_inherits WHERE inhdetachpending").await;
        tokio::time::sleep(std::time::Duration::from_millis(600)).await;
        reader.batch_execute("COMMIT").await.unwrap();
    };
    let ((done, told), ()) = tokio::join!(bench.observed(Direction::Up, "head"), release);
    assert_eq!(ids(&done.unwrap()), ["a"]);
    assert!(told.iter().any(|it| it.starts_with("retry 1 of 30 after 55P03")), "{told:?}");
    assert!(
        told.contains(&"clearing partition p1 of table p, its detach pending".to_owned()),
        "{told:?}"
    );
    assert_eq!(bench.query("SELECT inhrelid FROM pg_inherits").await, [""; 0]);
}

#[tokio::test]
async fn statements_that_were_edited_or_removed_are_cleared_away() {
    for (rest, expected) in [
        ("create index concurrently on t (i);", "(t_i_idx,t,f)"),
        ("create index concurrently other on t (i);", "(other,t,f)"),
        ("vacuum;\ncreate index other on t (i);", "(other,t,f)"),
        ("", ""),
    ] {
        let bench = Bench::new("edited").await;
        bench.revision("a", "", &format!("{TWICE}create unique index concurrently on t (i);"), "");
        fails(&bench).await;
        let progress = "SELECT segments_done, segment_open FROM aludel.revision";
        assert_eq!(bench.query(progress).await, ["(1,f)"]);
        bench.revision("a", "", &format!("{TWICE}{rest}"), "");
        bench.up().await.unwrap();
        assert_eq!(bench.query(INDEXES).await.join(" "), expected, "{rest}");
    }
}

/// A statement that is finished by clearing away what is left of it stands for no other.
#[tokio::test]
async fn another_statement_in_its_place_is_run() {
    let bench = Bench::new("another").await;
    let setup = "create table t (i int); create index a on t (i); create index b on t (i)";
    execute(&bench, setup).await;
    bench.revision("a", "", "drop index concurrently a;", "");
    let reader = bench.client().await;
    reader.batch_execute("BEGIN; SELECT FROM t").await.unwrap();
    let cancel = async {
        let client = bench.client().await;
        until(&client, "SELECT count(*) > 0 FROM pg_index WHERE NOT indisvalid").await;
        let sql = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE state = 'active' \
                   AND query LIKE 'drop index%' AND datname = current_database()";
        assert_eq!(client.query(sql, &[]).await.unwrap().len(), 1);
        reader.batch_execute("COMMIT").await.unwrap();
    };
    let (done, ()) = tokio::join!(bench.up(), cancel);
    let RunError::Failed(failure) = done.unwrap_err() else { panic!() };
    let left = failure.unfinished.unwrap().left.unwrap();
    assert_eq!(left[0].clear.as_deref(), Some("DROP INDEX CONCURRENTLY public.a"));
    bench.revision("a", "", "drop index concurrently b;", "");
    bench.up().await.unwrap();
    assert_eq!(bench.query(INDEXES).await, [""; 0]);
}

/// What clears the way is interrupted as well.
#[tokio::test]
async fn cut_off_again_and_again() {
    let bench = Bench::new("again").await;
    execute(&bench, "create table t (i int)").await;
    bench.revision("a", "", "create index concurrently on t (i);", "");
    let writer = bench.client().await;
    writer.batch_execute("BEGIN; INSERT INTO t VALUES (1)").await.unwrap();
    let clears = "DROP INDEX CONCURRENTLY";
    for waiting in ["create index concurrently", clears, clears] {
        let sessions = format!(
            "FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' \
             AND wait_event_type = 'Lock' AND query LIKE '{waiting}%'"
        );
        let end = async {
            let client = bench.client().await;
            until(&client, &format!("SELECT count(*) > 0 {sessions}")).await;
            client
                .query(&format!("SELECT pg_terminate_backend(pid) {sessions}"), &[])
                .await
                .unwrap();
        };
        let (done, ()) = tokio::join!(bench.up(), end);
        let RunError::Failed(failure) = done.unwrap_err() else { panic!() };
        assert_eq!(failure.sqlstate(), Some("57P01"), "{waiting}");
        assert_eq!(bench.query(INDEXES).await, ["(t_i_idx,f,f)"], "{waiting}");
    }
    writer.batch_execute("COMMIT").await.unwrap();
    bench.up().await.unwrap();
    assert_eq!(bench.query(INDEXES).await, ["(t_i_idx,t,f)"]);
}

#[tokio::test]
async fn names_are_looked_up_by_the_search_path_of_the_file() {
    let bench = Bench::new("path").await;
    let up = "create schema s;\nset search_path = s;\ncreate table t (i int);\n\
              insert into t values (1), (1);\ncreate unique index concurrently on t (i);";
    bench.revision("a", "", up, "");
    fails(&bench).await;
    execute(&bench, "delete from s.t").await;
    bench.up().await.unwrap();
    let indexes = INDEXES.replace("'t'", "'s.t'");
    assert_eq!(bench.query(&indexes).await, ["(s.t_i_idx,t,t)"]);
}

#[tokio::test]
async fn an_index_that_another_session_builds_is_not_dropped() {
    let bench = Bench::new("busy").await;
    execute(&bench, "create table t (i int)").await;
    bench.revision("a", "", "create index concurrently t_i on t (i);", "");
    let old = bench.client().await;
    old.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1").await.unwrap();
    let builder = bench.client().await;
    let check = async {
        let client = bench.client().await;
        until(
            &client,
            "SELECT count(*) > 0 FROM pg_index WHERE indrelid = 't'::regclass AND indisready",
        )
        .await;
        let failure = fails(&bench).await;
        assert!(matches!(failure.cause, Cause::IndexBusy { .. }), "{failure}");
        old.batch_execute("COMMIT").await.unwrap();
    };
    let (built, ()) =
        tokio::join!(builder.batch_execute("create index concurrently t_i on t (i)"), check);
    built.unwrap();
    // It is that session's: the server says so, again and again.
    for _ in 0..2 {
        assert_eq!(fails(&bench).await.sqlstate(), Some("42P07"));
    }
}

/// The same OID means another object in another database, which may be a copy.
#[tokio::test]
async fn who_builds_an_index_elsewhere_is_not_in_the_way() {
    let project = Project::new("");
    project.revision("a", "", "CREATE INDEX CONCURRENTLY t_i ON t (slow(i));", None);
    let database = TestDatabase::create("elsewhere");
    let copy = {
        let client = database.connect().await;
        let slow = "CREATE FUNCTION slow(i int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN \
             IF current_setting('slow.down', true) = 'yes' THEN PERFORM pg_sleep(2); END IF; \
             RETURN i; END $$";
        client.batch_execute(slow).await.unwrap();
        client.batch_execute(TWICE).await.unwrap();
        let invalid = "CREATE UNIQUE INDEX CONCURRENTLY t_i ON t (slow(i))";
        client.batch_execute(invalid).await.unwrap_err();
        drop(client);
        let gone =
            "SELECT count(*) = 0 FROM pg_stat_activity WHERE datname LIKE 'aludel_test_elsewhere%'";
        until(&TestDatabase::create("other").connect().await, gone).await;
        TestDatabase::copy(&database)
    };
    let (builder, client) = (database.connect().await, database.connect().await);
    builder.batch_execute("SET slow.down = 'yes'").await.unwrap();
    let run = async {
        until(
            &client,
            "SELECT count(*) > 0 FROM pg_stat_progress_create_index \
             WHERE index_relid = to_regclass('t_i')",
        )
        .await;
        let url = copy.url();
        let upgrade = move || project.ends(0, &["upgrade", "--url", &url]);
        tokio::task::spawn_blocking(upgrade).await.unwrap().says(&["left invalid index t_i"]);
    };
    // Its rows are there twice: it is refused after all.
    let (built, ()) = tokio::join!(builder.batch_execute("REINDEX INDEX t_i"), run);
    built.unwrap_err();
}

/// A script that is refused is not one that was cut: what it did not build is not taken for done.
#[test]
fn a_script_that_is_refused_says_where_and_goes_on() {
    let project = Project::new("");
    let up = "CREATE INDEX CONCURRENTLY t_i ON t (i);\nCREATE UNIQUE INDEX CONCURRENTLY ON t (i);";
    project.revision("a", "", up, None);
    let database = TestDatabase::create("refused");
    let url = database.url();
    database.execute(TWICE);
    database.execute("create index t_i on t (i)");
    let script = project.ends(0, &["upgrade", "--sql"]).stdout;
    for _ in 0..2 {
        let (status, said) = psql(&database, &script);
        assert_eq!(status, Some(3), "{said}");
        assert!(said.contains("relation \"t_i\" already exists"), "{said}");
        assert!(said.contains("stopped at migrations/a.up.sql:4"), "{said}");
        // Its session ends after psql has, and its lock with it.
        let free = "SELECT count(*) = 0 FROM pg_locks JOIN pg_database ON oid = database \
                    WHERE locktype = 'advisory' AND datname = current_database()";
        block_on(async { until(&database.connect().await, free).await });
    }
    // Nothing of it was done, and nothing is left.
    let status = project.ends(0, &["status", "--url", &url]);
    assert!(!status.stdout.contains("interrupted"), "{status}");
    database.execute("drop index t_i");
    let (status, said) = psql(&database, &script);
    assert!(status == Some(3) && said.contains("could not create unique index"), "{said}");
    project.ends(1, &["status", "--url", &url]).says(&[
        "invalid index t_i_idx of table t: the next `aludel upgrade` starts with DROP INDEX \
         CONCURRENTLY public.t_i_idx",
    ]);
    project.ends(3, &["upgrade", "--url", &url]).says(&[
        "hint: 1 of 2 parts of revision a are applied and committed",
        "hint: CREATE INDEX CONCURRENTLY left invalid index t_i_idx of table t; the next run \
         starts with `DROP INDEX CONCURRENTLY public.t_i_idx`",
    ]);
    database.execute("delete from t");
    assert_eq!(psql(&database, &script), (Some(0), String::new()));
    project.ends(0, &["status", "--url", &url]);
}

/// A script does not try again by itself: what waited too long for a lock is finished by its next run.
#[test]
fn a_script_that_waited_too_long_is_run_again() {
    let project = Project::new("");
    project.revision("a", "", "ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY;", None);
    let database = TestDatabase::create("too_long");
    database.execute(
        "CREATE TABLE p (i int) PARTITION BY LIST (i); \
         CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)",
    );
    let url = database.url();
    let script = project.ends(0, &["upgrade", "--sql"]).stdout;
    block_on(async {
        let reader = database.connect().await;
        reader.batch_execute("BEGIN; SELECT FROM p").await.unwrap();
        for _ in 0..2 {
            let (status, said) = psql(&database, &script);
            assert!(status == Some(3) && said.contains("lock timeout"), "{said}");
            project.ends(1, &["status", "--url", &url]).says(&[
                "DETACH PARTITION CONCURRENTLY in line 4: it was stopped or failed",
                "partition p1 of table p, its detach pending: the next `aludel upgrade` starts \
                 with ALTER TABLE public.p DETACH PARTITION public.p1 FINALIZE",
            ]);
        }
        reader.batch_execute("COMMIT").await.unwrap();
    });
    assert_eq!(psql(&database, &script), (Some(0), String::new()));
    project.ends(0, &["status", "--url", &url]);
    database.execute("DROP TABLE p; SELECT FROM p1");
}

/// A script that goes on with a file that was corrected does so as a run does.
#[test]
fn a_script_clears_away_what_the_file_no_longer_has() {
    for (rest, expected) in
        [("", 0), ("VACUUM t;", 0), ("VACUUM t;\nCREATE INDEX other ON t (i);", 1)]
    {
        let project = Project::new("");
        let up = format!("{TWICE}CREATE UNIQUE INDEX CONCURRENTLY ON t (i);");
        project.revision("a", "", &up, None);
        let database = TestDatabase::create("corrected");
        let url = database.url();
        project.ends(3, &["upgrade", "--url", &url]).says(&["left invalid index t_i_idx"]);
        project.revision("a", "", &format!("{TWICE}{rest}"), None);
        let script = project.ends(0, &["upgrade", "--sql", "--url", &url]).stdout;
        assert_eq!(psql(&database, &script), (Some(0), String::new()), "{rest}");
        assert_eq!(psql(&database, &script), (Some(0), String::new()), "{rest}, again");
        let pulled = project.ends(0, &["pull", &url]).stdout;
        assert_eq!(pulled.matches("indexes").count(), expected, "{pulled}");
        project.ends(0, &["status", "--url", &url]);
    }
}

#[test]
fn what_may_be_left_is_not_denied() {
    let project = Project::new("");
    project.revision("a", "", "CREATE INDEX CONCURRENTLY ON nowhere (i);", None);
    let database = TestDatabase::create("denied");
    let url = database.url();
    let said = project.ends(3, &["upgrade", "--url", &url]).says(&[
        "hint: no part of revision a is applied; fix the rest of the file, or the rows, and run the \
         same command",
        "hint: CREATE INDEX CONCURRENTLY left no objects\n",
    ]);
    assert!(!said.stderr.contains("rolled back"), "{said}");
    let status = project.ends(0, &["status", "--url", &url]).says(&["pending   1 revision\n"]);
    assert!(!status.stdout.contains("interrupted"), "{status}");
    project.write(
        "migrations/a.up.sql",
        "-- Revision: a\n-- Message: m\n-- Transaction: none\n\nDO $$ BEGIN CREATE TABLE x (); COMMIT; PERFORM 1/0; END $$;",
    );
    let said = project
        .ends(3, &["upgrade", "--url", &url])
        .says(&["hint: DO may have left committed changes; the statement is run again from the \
                 start\n"]);
    assert!(!said.stderr.contains("left no objects") && !said.stderr.contains("rolled"), "{said}");
    project.ends(1, &["status", "--url", &url]).says(&[
        "DO in line 5: it was stopped or failed\n          it may have left committed changes",
    ]);
    let said = project.ends(1, &["status", "--url", &url, "--format", "json"]).json();
    assert_eq!(said["interrupted"][0]["statement"]["kind"], "DO", "{said}");
}

#[cfg(feature = "embedded")]
#[test]
fn the_embedded_engine_is_no_other() {
    let project = Project::new("");
    let up = "CREATE TABLE t (i integer);\nINSERT INTO t VALUES (1), (1);\n\
              CREATE UNIQUE INDEX CONCURRENTLY ON t (i);";
    project.revision("a", "", up, None);
    for _ in 0..2 {
        project.ends(3, &["upgrade"]).says(&[
            "hint: CREATE INDEX CONCURRENTLY left invalid index t_i_idx of table t; the next run \
             starts with",
        ]);
        project
            .ends(1, &["status"])
            .says(&["invalid index t_i_idx of table t: the next `aludel upgrade` starts"]);
    }
    project.revision("a", "", &up.replace("UNIQUE ", ""), None);
    project
        .ends(0, &["upgrade"])
        .says(&["an interrupted run left invalid index t_i_idx of table t"]);
    project.ends(0, &["status"]);
    let pulled = project.ends(0, &["pull", "live"]).stdout;
    assert_eq!(pulled.matches("t_i_idx").count(), 1, "{pulled}");
}
