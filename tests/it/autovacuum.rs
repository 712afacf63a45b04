//! Real autovacuum in the way of a revision. Its workers start once a minute where nobody says otherwise, so
//! these tests want a server where they start every second: `scripts/postgres url 16 autovacuum`.
//! `scripts/test` runs them there.

use aludel::ledger::Direction;

use super::runner::{Bench, ids, until};

/// A table that autovacuum has at once and for a long time.
const TABLE: &str = "create table t (i int) with (autovacuum_vacuum_threshold = 0, \
     autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1);";
const AT_WORK: &str = "select exists (select from pg_stat_progress_vacuum as it join pg_stat_activity as a \
     using (pid) where it.relid = 't'::regclass and a.backend_type = 'autovacuum worker')";

async fn bench(hint: &str) -> Bench {
    let bench = Bench::new(hint).await;
    bench.revision("a", "", TABLE, "drop table t;");
    bench.up().await.unwrap();
    let client = bench.client().await;
    client.batch_execute("insert into t select generate_series(1, 50000)").await.unwrap();
    client.batch_execute("delete from t where i % 3 = 0").await.unwrap();
    until(&client, AT_WORK).await;
    bench
}

#[tokio::test]
#[ignore = "needs autovacuum_naptime = 1s"]
async fn autovacuum_is_stopped_for_a_transaction() {
    let bench = bench("stopped").await;
    bench.revision(
        "b",
        "a",
        "create table u as select current_setting('lock_timeout') as l;\n\
         alter table t add check (i > 0) not valid;",
        "",
    );
    let (done, told) = bench.observed(Direction::Up, "head").await;
    assert_eq!(ids(&done.unwrap()), ["b"]);
    let told: Vec<_> = told.iter().filter(|it| !it.starts_with("line")).collect();
    let expected =
        ["started b at 0", "asked autovacuum of t to stop", "started b at 0", "finished b"];
    assert_eq!(told, expected);
    assert_eq!(bench.query("select l from u").await, ["(200ms)"]);
}

#[tokio::test]
#[ignore = "needs autovacuum_naptime = 1s"]
async fn autovacuum_is_stopped_before_a_statement_outside_of_transactions() {
    let bench = bench("outside").await;
    bench.revision("b", "a", "vacuum t;", "");
    let (done, told) = bench.observed(Direction::Up, "head").await;
    assert_eq!(ids(&done.unwrap()), ["b"]);
    let told: Vec<_> = told.iter().filter(|it| !it.starts_with("line")).collect();
    assert_eq!(told, ["started b at 0", "asked autovacuum of t to stop", "finished b"]);
}
