//! UPDATEs in batches on a real server: every row once, whatever happens to the run meanwhile.

use std::fmt::Write as _;
use std::process::{Command, Stdio};
use std::time::Duration;

use aludel::ledger::Direction;
use aludel::runner::{Cause, Left, RunError, RunFailure};

use crate::offline::{ledger, psql, psql_program};
use crate::project::{Outcome, Project};
use crate::runner::{Bench, ids, until};
use crate::support::{TestDatabase, block_on};

/// A table with so many rows, none of which was counted yet.
fn table(rows: u32) -> String {
    format!(
        "create table t (id int primary key, n int not null default 0);\n\
         insert into t select g from generate_series(1, {rows}) as g;\n"
    )
}

const COUNTED: &str = "SELECT n, count(*) FROM t GROUP BY n ORDER BY n";

async fn fails(bench: &Bench) -> RunFailure {
    let RunError::Failed(failure) = bench.up().await.unwrap_err() else { panic!() };
    *failure
}

#[tokio::test]
async fn every_row_is_updated_once_in_batches() {
    let bench = Bench::new("batches").await;
    let up = format!(
        "{}create table seen (x xid8);\n\
         create function see() returns trigger language plpgsql as $$ begin\n\
           insert into seen values (pg_current_xact_id()); return null; end $$;\n\
         create trigger see after update on t for each statement execute function see();\n\
         -- aludel: batches by id, 100 rows\nupdate t set n = n + 1 where id % 2 = 0;\n\
         alter table t add x int;",
        table(1000)
    );
    bench.revision("a", "", &up, "drop table t, seen; drop function see;");
    let (done, told) = bench.observed(Direction::Up, "head").await;
    assert_eq!(ids(&done.unwrap()), ["a"]);
    assert_eq!(
        told[told.len() - 4..],
        ["500 rows up to id 1000", "line 12", "line 13", "finished a"]
    );
    assert_eq!(bench.query(COUNTED).await, ["(0,500)", "(1,500)"]);
    assert_eq!(bench.query("SELECT count(DISTINCT x::text) FROM seen").await, ["(10)"]);
    assert_eq!(
        bench
            .query("SELECT state, segments_done, segments, done_digest ~ ' ' FROM aludel.revision")
            .await,
        ["(applied,3,3,f)"]
    );
}

/// Keys of every form, and statements of every form.
#[tokio::test]
async fn keys_and_statements_of_all_forms() {
    let bench = Bench::new("forms").await;
    let up = "create schema s;\n\
        create table s.\"T\" (a text collate \"C\", \"B\" timestamptz, n int not null default 0,\n\
                          primary key (a, \"B\"));\n\
        insert into s.\"T\" select chr(65 + g % 7) || '''\\', 'epoch'::timestamptz + g * interval '1 us'\n\
          from generate_series(1, 70) as g;\n\
        create table u (id uuid not null, n int not null default 0, v int);\n\
        create unique index on u (id desc) include (n);\n\
        insert into u select gen_random_uuid() from generate_series(1, 70);\n\
        create table e (g int) partition by range (g);\n\
        create table e1 partition of e for values from (0) to (50);\n\
        create table e2 partition of e for values from (50) to (100);\n\
        insert into e select g from generate_series(1, 70) as g;\n\
        alter table e add primary key (g), add n int not null default 0;\n\
        create table empty (id int primary key, n int);\n\
        set search_path = s;\nset time zone 'Asia/Kolkata';\n\
        -- aludel: batches by a, \"B\", 8 rows\n\
        update only \"T\" as x set n = x.n + 1 where x.a is distinct from 'z';\n\
        reset search_path;\nset search_path = public;\n\
        -- aludel: batches by id, 9 rows\n\
        update u set n = u.n + 1, v = w.v from (select 7 as v) as w where w.v = 7 or false;\n\
        -- aludel: batches by g, 9 rows, pause 1ms\nupdate e set n = n + 1;\n\
        -- aludel: batches by id, 1 rows\nupdate empty set n = 1";
    bench.revision("a", "", up, "");
    bench.up().await.unwrap();
    for table in ["s.\"T\"", "u", "e"] {
        let counted = format!("SELECT n, count(*) FROM {table} GROUP BY n");
        assert_eq!(bench.query(&counted).await, ["(1,70)"], "{table}");
    }
}

/// With fewer digits the key that is done would be another one than that of the row: the same batch again
/// and again. IST is Israel's time where it is read.
#[tokio::test]
async fn keys_keep_all_their_digits_whatever_is_set() {
    let bench = Bench::new("digits").await;
    let up = "create table f (k float8 primary key, n text);\n\
        insert into f select g + g * 1e-15 from generate_series(0.1, 7, 0.1) as g;\n\
        create table i (k timestamptz primary key, n text);\n\
        insert into i select '2000-01-01'::date + g * interval '1 us' from generate_series(1, 70) as g;\n\
        set extra_float_digits = 0;\nset datestyle = 'SQL, DMY';\nset time zone 'Asia/Kolkata';\n\
        -- aludel: batches by k, 8 rows\nupdate f set n = coalesce(n, '') || '0.1'::float8 * 3;\n\
        -- aludel: batches by k, 8 rows\nupdate i set n = coalesce(n, '') || '2000-02-01'::date;";
    bench.revision("a", "", up, "");
    bench.up().await.unwrap();
    for (table, once) in [("f", "(0.3,70)"), ("i", "(01/02/2000,70)")] {
        let counted = format!("SELECT n, count(*) FROM {table} GROUP BY n");
        assert_eq!(bench.query(&counted).await, [once], "{table}");
    }
}

#[tokio::test]
async fn rows_that_row_security_hides_are_not_left_out() {
    let bench = Bench::new("secured").await;
    bench.revision(
        "a",
        "",
        "create table t (id int primary key, n int);\ninsert into t values (1, 1);\n\
         grant all on t to pg_monitor;\nalter table t enable row level security;\n\
         set role pg_monitor;\n-- aludel: batches by id, 5 rows\nupdate t set n = 2;",
        "",
    );
    let failure = fails(&bench).await;
    let said = "row security of table t hides rows from this role: batches would skip them";
    assert_eq!(failure.cause.to_string(), said);
}

#[tokio::test]
async fn tables_without_a_key_are_refused() {
    let setup = "create table t (id int, x int not null, y int not null, z text not null, n int);\n\
                 insert into t values (1, 1, 1, 'a', 1);\n\
                 create unique index on t (x) where x > 0;\ncreate index on t (y);\n\
                 create unique index on t (z text_pattern_ops);\nalter table t add unique (id);\n\
                 alter table t add constraint d unique (x, y) deferrable;\n\
                 create view v as select * from t;\n";
    let refused = |key: &str| {
        format!(
            "table t has no primary key or unique index of exactly ({key}): a valid, immediate btree \
             index without WHERE, in the columns' own order and collation"
        )
    };
    for (key, table, expected) in [
        ("id", "t", "column `id` of table t allows NULL: batches by it would skip rows".to_owned()),
        ("x", "t", refused("x")),
        ("y", "t", refused("y")),
        ("z", "t", refused("z")),
        ("x, y", "t", refused("x, y")),
        ("w", "t", "table t has no column `w` for the batches".to_owned()),
        ("x", "v", "v cannot be updated in batches: it is not a table".to_owned()),
        ("x", "nowhere", "there is no table \"nowhere\"".to_owned()),
    ] {
        let bench = Bench::new("no_key").await;
        let up = format!("{setup}-- aludel: batches by {key}, 5 rows\nupdate {table} set n = 2;");
        bench.revision("a", "", &up, "");
        let failure = fails(&bench).await;
        let Cause::Batches(cause) = &failure.cause else { panic!("{failure}") };
        assert_eq!(cause.to_string(), expected);
        assert_eq!(failure.place.unwrap().line, 14);
        assert_eq!(failure.left, Left::Segments { done: 1, of: 2 });
        assert_eq!(bench.query("SELECT n FROM t").await, ["(1)"]);
    }
}

/// The greatest key of such a table is NULL, behind which there is no row. PostgreSQL 18 lets no child drop
/// what its parent asks for.
#[tokio::test]
async fn a_child_without_the_not_null_of_its_parent_is_refused() {
    let bench = Bench::new("child").await;
    let up = |only: &str| {
        format!(
            "create table t (id text primary key, n int);\ncreate table c () inherits (t);\n\
             do $$ begin alter table c alter id drop not null; exception when others then null; end $$;\n\
             insert into t values ('a', 1);\ninsert into c values ('b', 1);\n\
             -- aludel: batches by id, 5 rows\nupdate {only} t set n = n + 1;"
        )
    };
    bench.revision("a", "", &up(""), "");
    let is_new =
        bench.query("SELECT current_setting('server_version_num')::int >= 180000").await == ["(t)"];
    if is_new {
        bench.up().await.unwrap();
        return assert_eq!(bench.query("SELECT n FROM t").await, ["(2)", "(2)"]);
    }
    let failure = fails(&bench).await;
    let said = "column `id` of table t allows NULL: batches by it would skip rows";
    assert_eq!(failure.cause.to_string(), said);
    bench.revision("a", "", &up("only"), "");
    bench.up().await.unwrap();
    assert_eq!(bench.query("SELECT n FROM t ORDER BY n").await, ["(1)", "(2)"]);
}

#[tokio::test]
async fn a_batch_that_fails_is_gone_on_with() {
    let bench = Bench::new("goes_on").await;
    let up = |set: &str| {
        format!("{}-- aludel: batches by id, 100 rows\nupdate t set n = {set};", table(1000))
    };
    bench.revision("a", "", &up("n + 1 + 0 / (id - 750)"), "");
    let failure = fails(&bench).await;
    assert_eq!((failure.sqlstate(), failure.place.unwrap().line), (Some("22012"), 8));
    let batch = failure.batch.unwrap();
    assert_eq!((batch.rows, batch.reached()), (700, "id 700".to_owned()));
    assert_eq!(bench.query(COUNTED).await, ["(0,300)", "(1,700)"]);
    // What comes in behind the end, and what is done and changed again, is not its business.
    bench
        .client()
        .await
        .batch_execute("insert into t values (2000); delete from t where id > 900 and id < 2000")
        .await
        .unwrap();
    let other = |text: &str| {
        bench.revision("a", "", &up("n + 1").replace("update t set", text), "");
    };
    other("update u set");
    let message = "an interrupted run updated 700 rows of t in batches by id, but the file now has \
                   another table or key";
    assert!(fails(&bench).await.to_string().contains("there is no table"));
    bench.revision("a", "", &format!("{}vacuum t;", table(1000)), "");
    let error = bench.up().await.unwrap_err().to_string();
    assert!(error.contains(message), "{error}");
    bench.revision("a", "", &up("n + 1").replace("100 rows", "60 rows"), "");
    let (done, told) = bench.observed(Direction::Up, "head").await;
    assert_eq!(ids(&done.unwrap()), ["a"]);
    assert_eq!(
        told,
        [
            "started a at 1",
            "700 rows up to id 700",
            "900 rows up to id 900",
            "line 8",
            "finished a"
        ]
    );
    assert_eq!(bench.query(COUNTED).await, ["(0,1)", "(1,900)"]);
}

#[tokio::test]
async fn locks_of_others_are_waited_for() {
    let bench = Bench::new("batch_locks").await;
    bench.revision("a", "", &table(1000), "");
    bench.up().await.unwrap();
    bench.revision("b", "a", "-- aludel: batches by id, 100 rows\nupdate t set n = n + 1;", "");
    let blocking = bench.client().await;
    blocking.batch_execute("BEGIN; SELECT FROM t WHERE id = 555 FOR UPDATE").await.unwrap();
    let watching = bench.client().await;
    let unblock = async {
        until(&watching, "SELECT EXISTS (SELECT FROM aludel.event WHERE true) AND EXISTS (SELECT FROM pg_locks WHERE NOT granted)").await;
        tokio::time::sleep(Duration::from_millis(450)).await;
        blocking.batch_execute("COMMIT").await.unwrap();
    };
    let ((done, told), ()) = tokio::join!(bench.observed(Direction::Up, "head"), unblock);
    assert_eq!(ids(&done.unwrap()), ["b"]);
    assert!(told.contains(&"retry 1 of 30 after 55P03".to_owned()), "{told:?}");
    assert_eq!(bench.query(COUNTED).await, ["(1,1000)"]);
}

fn project(rows: u32, directive: &str) -> Project {
    let project = Project::new("");
    project.revision("a1", "", &table(rows), None);
    let up = format!("{directive}\nUPDATE t SET n = n + 1;\n\nCREATE TABLE later ();");
    project.revision("b1", "a1", &up, None);
    project
}

fn counted(database: &TestDatabase) -> String {
    block_on(async {
        let rows = database.connect().await.query(COUNTED, &[]).await.expect("a table");
        rows.iter().fold(String::new(), |mut text, row| {
            let _ = write!(text, "{}:{} ", row.get::<_, i32>(0), row.get::<_, i64>(1));
            text
        })
    })
}

/// Runs an upgrade, and kills it again and again after a while; says how often that was.
fn killed_until_done(
    project: &Project,
    url: &str,
    mut pause: impl FnMut(u32) -> Option<Duration>,
) -> u32 {
    let mut kills = 0;
    loop {
        let mut command = project.command(&["upgrade", "--url", url]);
        let mut child =
            command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it starts");
        if let Some(pause) = pause(kills) {
            std::thread::sleep(pause);
            child.kill().expect("it is killed");
        }
        let output = child.wait_with_output().expect("it ends");
        match output.status.code() {
            Some(0) => return kills,
            Some(status) => panic!("{status}: {}", String::from_utf8_lossy(&output.stderr)),
            None => kills += 1,
        }
    }
}

#[test]
fn killed_runs_go_on_where_they_were() {
    let project = project(20_000, "-- aludel: batches by id, 500 rows, pause 15ms");
    let database = TestDatabase::create("batches_killed");
    let url = database.url();
    project.ends(0, &["upgrade", "a1", "--url", &url]);
    let mut random = u64::from(std::process::id());
    let kills = killed_until_done(&project, &url, |kills| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (kills < 8).then(|| Duration::from_millis(150 + (random >> 33) % 200))
    });
    assert!(kills > 0);
    assert_eq!(counted(&database), "1:20000 ");
    project.ends(0, &["status", "--url", &url]).says(&["applied   2 revisions"]);
}

/// Writers that queue up behind a batch make the next ones smaller.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn batches_get_smaller_where_others_wait() {
    let bench = Bench::new("yielding").await;
    let setup = format!(
        "{}create table seen (x xid8);\nalter table t add touched int not null default 0;\n\
         create function see() returns trigger language plpgsql as $$ begin\n\
           if txid_current_if_assigned() is not null and current_setting('application_name') = 'aludel' then\n\
             insert into seen values (pg_current_xact_id()); perform pg_sleep(0.05); end if; return null; end $$;\n\
         create trigger see after update on t for each statement execute function see();",
        table(60)
    );
    bench.revision("a", "", &setup, "");
    bench.up().await.unwrap();
    bench.revision("b", "a", "-- aludel: batches by id, 30 rows\nupdate t set n = n + 1;", "");
    let mut writers = Vec::new();
    for seed in 0..4 {
        let client = bench.client().await;
        writers.push(tokio::spawn(async move {
            for at in (seed..).step_by(7) {
                let sql = format!("UPDATE t SET touched = touched + 1 WHERE id = 1 + {at} % 60");
                client.batch_execute(&sql).await.unwrap();
            }
        }));
    }
    let (done, _) = bench.observed(Direction::Up, "head").await;
    writers.iter().for_each(tokio::task::JoinHandle::abort);
    assert_eq!(ids(&done.unwrap()), ["b"]);
    assert_eq!(bench.query(COUNTED).await, ["(1,60)"]);
    let batches = bench.query("SELECT count(DISTINCT x::text) > 2 FROM seen").await;
    assert_eq!(batches, ["(t)"]);
}

/// The privileges that an administrator is told to grant are enough.
#[test]
fn a_role_that_owns_nothing_runs_batches() {
    let project = project(300, "-- aludel: batches by id, 100 rows");
    let up = "-- aludel: batches by id, 100 rows\nUPDATE t SET n = n + 1;";
    project.revision("b1", "a1", up, None);
    let database = TestDatabase::create("batch_role");
    let url = database.url();
    project.ends(0, &["upgrade", "a1", "--url", &url]);
    let role = format!("aludel_batch_{}", std::process::id());
    database.execute(&format!(
        "CREATE ROLE {role} LOGIN PASSWORD 'x'; GRANT USAGE ON SCHEMA aludel TO {role}; \
         GRANT SELECT, INSERT, UPDATE, DELETE ON aludel.revision, aludel.event TO {role}; \
         GRANT SELECT, UPDATE ON t TO {role}"
    ));
    let (_, server) = url.split_once('@').expect("a user in the URL");
    let done = project.run(&["upgrade", "--url", &format!("postgres://{role}:x@{server}")]);
    database.execute(&format!("DROP OWNED BY {role}; DROP ROLE {role}"));
    done.ended(0).says(&["applied b1"]);
    assert_eq!(counted(&database), "1:300 ");
}

/// A user who stops it, and a connection that is lost, are told how far it is.
#[test]
fn stopped_runs_say_how_far_they_are() {
    for (end, status, said) in [
        ("kill -INT", 130, "b1.up.sql:6:1: interrupted"),
        ("terminate", 3, "b1.up.sql:6:1: terminating connection due to administrator command"),
    ] {
        let project = project(1000, "-- aludel: batches by id, 100 rows, pause 20ms");
        let up = project.read("migrations/b1.up.sql");
        // The fifth batch waits.
        let waits = "UPDATE t SET n = n + CASE WHEN id = 450 AND EXISTS (SELECT FROM gate) \
                     THEN length(pg_sleep(60)::text) + 1 ELSE 1 END";
        let up = up.replace("UPDATE t SET n = n + 1", waits);
        project.write("migrations/b1.up.sql", &up);
        let database = TestDatabase::create("batch_stopped");
        let url = database.url();
        database.execute("CREATE TABLE gate ()");
        database.execute("INSERT INTO gate DEFAULT VALUES");
        let mut command = project.command(&["upgrade", "--url", &url]);
        let child =
            command.stderr(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it starts");
        let sleeping = "FROM pg_stat_activity WHERE datname = current_database() \
                        AND wait_event = 'PgSleep'";
        block_on(async {
            let client = database.connect().await;
            until(&client, &format!("SELECT count(*) = 1 {sleeping}")).await;
            if end == "terminate" {
                let end = format!("SELECT pg_terminate_backend(pid) {sleeping}");
                client.query(&end, &[]).await.expect(end.as_str());
            }
        });
        if end != "terminate" {
            let pid = child.id().to_string();
            Command::new("kill").args(["-INT", &pid]).status().expect("kill");
        }
        let output = child.wait_with_output().expect("it ends");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(status), "{stderr}");
        for text in [
            said,
            "400 rows of the statement in line 6 are updated and committed, up to \
                            id 400",
        ] {
            assert!(stderr.contains(text), "{text} is missing in {stderr}");
        }
        database.execute("DELETE FROM gate");
        project.ends(0, &["upgrade", "--url", &url]).says(&["1000 rows updated", "applied b1"]);
        assert_eq!(counted(&database), "1:1000 ");
    }
}

#[test]
fn psql_and_the_embedded_engine_do_the_same() {
    let project = project(1000, "-- aludel: batches by id, 100 rows");
    let (run, file, script) =
        (TestDatabase::create("run"), TestDatabase::create("file"), TestDatabase::create("script"));
    project.ends(0, &["upgrade", "--url", &run.url()]);
    for name in ["a1", "b1"] {
        let mut command = Command::new(psql_program());
        let path = project.path(format!("migrations/{name}.up.sql"));
        command.args(["-X", "-q", "-d", &file.url(), "-f"]).arg(path);
        Outcome::of(command).ended(0);
    }
    let sql = project.ends(0, &["upgrade", "--sql"]).stdout;
    for time in ["the first time", "the second time"] {
        assert_eq!(psql(&script, &sql), (Some(0), String::new()), "{time}");
    }
    for database in [&run, &file, &script] {
        assert_eq!(counted(database), "1:1000 ");
    }
    assert_eq!(ledger(&script), ledger(&run));
    project.ends(0, &["diff", "migrations", &run.url(), "--exit-code"]);
    #[cfg(feature = "embedded")]
    project
        .ends(0, &["upgrade"])
        .says(&["applied b1", "b1.up.sql:6: 1000 rows updated, up to id 1000"]);
}

#[test]
fn a_failed_batch_is_told_and_a_script_leaves_it_alone() {
    let project = project(1000, "-- aludel: batches by id, 100 rows");
    let database = TestDatabase::create("batch_told");
    let url = database.url();
    let right = project.read("migrations/b1.up.sql");
    let sql = project.ends(0, &["upgrade", "--sql"]).stdout;
    let wrong = right.replace("n + 1", "n + 1 + 0 / (id - 250)");
    project.write("migrations/b1.up.sql", &wrong);
    project.ends(3, &["upgrade", "--url", &url]).says(&[
        "error: migrations/b1.up.sql:6:1: division by zero",
        "hint: 200 rows of the statement in line 6 are updated and committed, up to id 200; fix \
         the rest of the file, or the rows, and run the same command again: it continues after \
         that key",
    ]);
    let said = "interrupted: b1 is applying, 0 of 2 parts done; `aludel upgrade` continues after \
                them\n          batches of the statement in line 6: 200 rows updated, up to id \
                200\n";
    project.ends(1, &["status", "--url", &url]).says(&[said]);
    project.write("migrations/b1.up.sql", &right);
    let (status, said) = psql(&database, &sql);
    assert_eq!(status, Some(3), "{said}");
    let message =
        "a run has done some batches of migrations/b1.up.sql:6: finish them with `aludel upgrade`";
    assert!(said.contains(message), "{said}");
    project.ends(0, &["upgrade", "--url", &url]).says(&["applied b1"]);
    assert_eq!(counted(&database), "1:1000 ");
    assert_eq!(psql(&database, &sql), (Some(0), String::new()));
    assert_eq!(counted(&database), "1:1000 ");
}

/// A million rows and fifty kills; prints how it went.
#[test]
#[ignore = "takes minutes: cargo test --release --test it -- --ignored --nocapture a_million_rows"]
fn a_million_rows_and_fifty_kills() {
    let project = project(1_000_000, "-- aludel: batches by id, 5000 rows");
    let database = TestDatabase::create("million");
    let url = database.url();
    project.ends(0, &["upgrade", "a1", "--url", &url]);
    let begun = std::time::Instant::now();
    let mut random = u64::from(std::process::id());
    let kills = killed_until_done(&project, &url, |kills| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (kills < 50).then(|| Duration::from_millis(100 + (random >> 33) % 300))
    });
    let took = begun.elapsed();
    assert_eq!(counted(&database), "1:1000000 ");
    assert_eq!(kills, 50, "it was done before");
    let mut out = std::io::stdout().lock();
    let _ = std::io::Write::write_all(
        &mut out,
        format!("1000000 rows, {kills} kills: every row updated once, in {took:.1?}\n").as_bytes(),
    );
}
