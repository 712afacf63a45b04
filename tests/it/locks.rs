//! Locks that others hold: how long a run waits for them, how often it tries again, who they are.

use std::time::Duration;

use aludel::ledger::Direction;
use aludel::runner::{Left, RunError, RunSettings};

use super::runner::{Bench, ids};

#[tokio::test]
async fn locks_are_tried_again() {
    let bench = Bench::new("locks").await;
    bench.revision("a", "", "create table t (i int);", "drop table t;");
    bench.up().await.unwrap();
    bench.revision("b", "a", "create table u ();\nalter table t add j int;", "");
    let blocking = bench.client().await;
    blocking.batch_execute("BEGIN; LOCK TABLE t IN ACCESS SHARE MODE").await.unwrap();
    let unblock = async {
        let waiting = "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 't'::regclass";
        while blocking.query(waiting, &[]).await.unwrap().is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        // By then it has given up once.
        tokio::time::sleep(Duration::from_millis(450)).await;
        blocking.batch_execute("COMMIT").await.unwrap();
    };
    let ((done, told), ()) = tokio::join!(bench.observed(Direction::Up, "head"), unblock);
    assert_eq!(ids(&done.unwrap()), ["b"]);
    let retries: Vec<_> = told.iter().filter(|it| it.starts_with("retry")).collect();
    assert!(!retries.is_empty(), "{told:?}");
    assert_eq!(retries[0], "retry 1 of 30 after 55P03");
    assert_eq!(bench.events().await, ["(upgrade,a,)", "(upgrade,b,)"]);
}

#[tokio::test]
async fn locks_are_given_up_in_the_end() {
    let mut bench = Bench::new("giveup").await;
    bench.settings.lock_retries = 1;
    bench.settings.lock_timeout = "50ms".into();
    let blocking = bench.client().await;
    blocking.batch_execute("create table t (i int)").await.unwrap();
    blocking.batch_execute("begin; lock table t").await.unwrap();
    bench.revision("a", "", "alter table t add j int;", "");
    let RunError::Failed(failure) = bench.up().await.unwrap_err() else { panic!() };
    assert_eq!((failure.sqlstate(), failure.left), (Some("55P03"), Left::Nothing));
    assert_eq!(bench.events().await, ["(failure,a,55P03)"]);
}

#[tokio::test]
async fn whoever_holds_a_lock_is_named() {
    let mut bench = Bench::new("named").await;
    bench.settings.lock_retries = 1;
    bench.settings.lock_timeout = "400ms".into();
    let blocking = bench.client().await;
    blocking.batch_execute("create table t (i int); set application_name = 'shop'").await.unwrap();
    blocking.batch_execute("begin").await.unwrap();
    blocking.batch_execute("lock  table t /* password 'x' */").await.unwrap();
    bench.revision("a", "", "alter table t add j int;", "");
    let RunError::Failed(failure) = bench.up().await.unwrap_err() else { panic!() };
    let row = "SELECT pg_backend_pid(), current_user::text, to_char(now() AT TIME ZONE 'UTC', \
               'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')";
    let row = blocking.query_one(row, &[]).await.unwrap();
    let (pid, user, since) =
        (row.get::<_, i32>(0), row.get::<_, String>(1), row.get::<_, String>(2));
    let blockers: Vec<_> = failure.blockers.iter().map(ToString::to_string).collect();
    let holder = format!(
        "pid {pid}, `shop`, user {user}, since {since}, idle in transaction: lock table t /* password…"
    );
    assert_eq!(blockers, [holder]);
}

/// What waits for the end of other transactions without a timeout says who they are of.
#[tokio::test]
async fn whoever_keeps_an_index_build_waiting_is_named() {
    let bench = Bench::new("waiting").await;
    let other = bench.client().await;
    other.batch_execute("create table t (i int); set application_name = 'shop'").await.unwrap();
    other.batch_execute("begin; insert into t values (1)").await.unwrap();
    bench.revision("a", "", "create index concurrently t_i on t (i);", "");
    let release = async {
        tokio::time::sleep(Duration::from_secs(3)).await;
        other.batch_execute("commit").await.unwrap();
    };
    let ((done, told), ()) = tokio::join!(bench.observed(Direction::Up, "head"), release);
    assert_eq!(ids(&done.unwrap()), ["a"]);
    assert_eq!(told.iter().filter(|it| *it == "blocked by shop").count(), 1, "{told:?}");
}

/// The defaults hold back before PostgreSQL would look for a deadlock (manual, "deadlock_timeout").
#[tokio::test]
async fn locks_are_given_up_before_a_deadlock_is_looked_for() {
    let bench = Bench::new("deadlock").await;
    let ours = RunSettings::default().lock_timeout;
    let sql = format!(
        "SELECT '{ours}'::interval < current_setting('deadlock_timeout')::interval AS shorter"
    );
    assert_eq!(bench.query(&sql).await, ["(t)"]);
}

/// On a server that looks for deadlocks early the default is shorter.
#[tokio::test]
async fn the_default_follows_the_server() {
    let mut bench = Bench::new("early").await;
    bench.settings = RunSettings::default();
    let client = bench.client().await;
    let name = &bench.query("SELECT current_database()").await[0];
    let name = name.trim_matches(['(', ')']);
    client
        .batch_execute(&format!("ALTER DATABASE {name} SET deadlock_timeout = '200ms'"))
        .await
        .unwrap();
    bench.revision("a", "", "create table t as select current_setting('lock_timeout') as l;", "");
    bench.up().await.unwrap();
    assert_eq!(bench.query("SELECT l FROM t").await, ["(100ms)"]);
}
