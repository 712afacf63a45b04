//! PgBouncer, Debian's (`apt-get install pgbouncer`): in transaction mode every run is refused and
//! leaves nothing behind, in session mode it works.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio_postgres::{Client, NoTls};

use super::bouncer::Bouncer;
use super::project::Project;
use super::support::{TestDatabase, block_on};

/// How often an upgrade is tried under traffic; ALUDEL_POOLER_RUNS says otherwise.
const RUNS: u32 = 12;

/// Applications that work through the pooler, until they are told to end.
struct Traffic {
    on: Arc<AtomicBool>,
    threads: Vec<std::thread::JoinHandle<()>>,
}

impl Traffic {
    fn begin(url: &str, clients: u32) -> Self {
        let on = Arc::new(AtomicBool::new(true));
        let threads = (0..clients).map(|number| {
            let (on, url) = (Arc::clone(&on), url.to_owned());
            std::thread::spawn(move || block_on(work(&url, number, &on)))
        });
        Self { threads: threads.collect(), on }
    }

    fn end(self) {
        self.on.store(false, Ordering::Relaxed);
        self.threads.into_iter().for_each(|it| it.join().unwrap());
    }
}

async fn work(url: &str, number: u32, on: &AtomicBool) {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    while on.load(Ordering::Relaxed) {
        let sql = format!("BEGIN; SELECT pg_sleep(0.00{number}); COMMIT");
        client.batch_execute(&sql).await.unwrap();
        tokio::time::sleep(Duration::from_millis(3)).await;
    }
}

fn project() -> Project {
    let project = Project::new("");
    project.revision("a1", "", "CREATE TABLE a (id bigint);", Some("DROP TABLE a;"));
    project
}

/// What the database has of a run: locks, prepared statements, tables, settings.
fn left_behind(database: &TestDatabase) -> Vec<String> {
    let sql = "SELECT 'lock of ' || pid FROM pg_locks WHERE locktype = 'advisory' \
               AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) \
               UNION ALL SELECT 'table ' || relname FROM pg_class WHERE relname = 'a' \
               UNION ALL SELECT 'schema ' || nspname FROM pg_namespace WHERE nspname = 'aludel'";
    block_on(async {
        let rows = database.connect().await.query(sql, &[]).await.unwrap();
        rows.iter().map(|it| it.get(0)).collect()
    })
}

#[test]
fn no_run_through_a_pooler_of_transactions_gets_anywhere() {
    let runs = std::env::var("ALUDEL_POOLER_RUNS").ok().and_then(|it| it.parse().ok());
    let database = TestDatabase::create("pooler_transaction");
    let project = project();
    for mode in ["transaction", "statement"] {
        let pooler = Bouncer::start(&database, mode, "");
        let traffic = (mode == "transaction").then(|| Traffic::begin(&pooler.url, 4));
        for _ in 0..if traffic.is_some() { runs.unwrap_or(RUNS) } else { RUNS } {
            project
                .ends(3, &["upgrade", "--url", &pooler.url])
                .says(&["a pooler in transaction mode"]);
        }
        traffic.into_iter().for_each(Traffic::end);
        // Alone with it, too.
        project.ends(3, &["upgrade", "--url", &pooler.url]).says(&["a pooler in transaction mode"]);
        assert_eq!(left_behind(&database), [""; 0]);
    }
}

#[test]
fn a_pool_of_sessions_is_one_to_run_in() {
    let database = TestDatabase::create("pooler_session");
    let pooler = Bouncer::start(&database, "session", "");
    let project = project();
    project.ends(0, &["upgrade", "--url", &pooler.url]).says(&["applied a1"]);
    project
        .ends(0, &["downgrade", "--allow", "data-loss", "base", "--url", &pooler.url])
        .says(&["reverted a1"]);
}

/// Takes the lock of the runners over a connection.
async fn take_lock(client: &Client) -> i32 {
    // The key of the schema `aludel`, as `upgrade --sql` writes it down.
    let project = project();
    let script = project.ends(0, &["upgrade", "--sql"]).stdout;
    let (_, key) = script.split_once("pg_try_advisory_lock(").expect("the lock");
    let (key, _) = key.split_once(')').expect("a key");
    let sql = format!("SELECT pg_advisory_lock({key}), pg_backend_pid()");
    client.query_one(&sql, &[]).await.unwrap().get(1)
}

#[test]
fn a_lock_that_was_left_behind_is_recognized() {
    let database = TestDatabase::create("pooler_left");
    let project = project();
    let url = database.url();
    let said = block_on(async {
        // The backend serves an application now, which knows nothing of the lock.
        let client = database.connect().await;
        client.batch_execute("SET application_name = 'shop'").await.unwrap();
        let pid = take_lock(&client).await;
        client.batch_execute("SELECT 1").await.unwrap();
        let said = project.ends(3, &["upgrade", "--url", &url]);
        (said, pid)
    });
    let (told, pid) = said;
    told.says(&[
        "note: waiting for another run of aludel: ",
        "is held by a session that runs no aludel command",
        &format!("pid {pid}, `shop`, user "),
        &format!("SELECT pg_terminate_backend({pid})"),
    ]);
    project.ends(0, &["upgrade", "--url", &url]).says(&["applied a1"]);
}
