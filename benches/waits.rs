//! Who waits: for how long a write and a read are held up by a change of the schema, plain
//! (`[plan] online = false`) and online.
//!
//! Works on the server in `ALUDEL_TEST_URL`, in databases of its own: one with 100,000 rows, or as many as
//! `ALUDEL_ROWS` says, and a copy of it for each change. A Markdown table is printed. Arguments choose the
//! changes whose names contain one of them: `cargo bench --bench waits -- partition`.

#[path = "waits/changes.rs"]
mod changes;

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use changes::{CHANGES, Change};
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;
use tokio_postgres::{Client, NoTls};

const DECLARATION: &str = include_str!("waits/schema.toml");
/// How long reads and writes go on before a change and after it.
const AROUND: Duration = Duration::from_millis(300);
/// What takes no longer than this is measured so often, and the least counts: a machine has pauses of its own.
const SHORT: Duration = Duration::from_secs(1);
const RUNS: usize = 3;
/// The pause between two statements of a session.
const PAUSE: Duration = Duration::from_millis(2);

/// Every table has a session that writes and one that reads; ids go from 1 to the number of rows.
const TABLES: [(&str, u64); 3] = [("items", 1), ("owners", 100), ("events", 3)];

#[expect(clippy::print_stdout, reason = "a table for people")]
fn main() {
    // Cargo adds `--bench`.
    let wanted: Vec<_> = std::env::args().skip(1).filter(|it| !it.starts_with('-')).collect();
    let is_wanted =
        |it: &&Change| wanted.is_empty() || wanted.iter().any(|word| it.name.contains(word));
    let server = std::env::var("ALUDEL_TEST_URL").expect("ALUDEL_TEST_URL names a server");
    let rows = std::env::var("ALUDEL_ROWS").map_or(100_000, |it| it.parse().expect("a number"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let bench = Bench::new(&server, rows, runtime.expect("a runtime"));
    let head = "write waits | read waits | takes";
    println!("{rows} rows\n\n| change | plain: {head} | online: {head} |\n|{}", " --- |".repeat(7));
    for change in CHANGES.iter().filter(is_wanted) {
        let [plain, online] = [false, true].map(|online| bench.least(change, online));
        println!("| {} | {} | {} |", change.name, plain.shown(), online.shown());
    }
}

/// What one change did.
struct Measured {
    write: Duration,
    read: Duration,
    took: Duration,
}

impl Measured {
    fn min(self, other: Self) -> Self {
        let Self { write, read, took } = other;
        Self { write: self.write.min(write), read: self.read.min(read), took: self.took.min(took) }
    }

    fn shown(&self) -> String {
        let [write, read, took] = [self.write, self.read, self.took].map(shown);
        format!("{write} | {read} | {took}")
    }
}

fn shown(time: Duration) -> String {
    match time.as_millis() {
        millis if millis < 1000 => format!("{millis} ms"),
        _ => format!("{:.1} s", time.as_secs_f64()),
    }
}

/// The database that is copied for each change, and the project that made it.
struct Bench {
    runtime: Runtime,
    server: String,
    rows: u64,
    project: tempfile::TempDir,
    filled: String,
}

impl Bench {
    fn new(server: &str, rows: u64, runtime: Runtime) -> Self {
        let filled = format!("aludel_waits_{}", std::process::id());
        let project = tempfile::tempdir().expect("a folder");
        let bench = Self { runtime, server: server.to_owned(), rows, project, filled };
        bench.on_server(&format!("CREATE DATABASE {} TEMPLATE template0", bench.filled));
        let url = bench.url(&bench.filled);
        let declared = bench.project.path().join("declared.toml");
        std::fs::write(&declared, DECLARATION).expect("a declaration");
        let sql = aludel(bench.project.path(), &url, &["diff", "empty", "declared.toml"]);
        bench.execute(&url, &sql);
        bench.fill(&url);
        aludel(bench.project.path(), &url, &["--dev-url", "target", "adopt"]);
        bench
    }

    /// Fills the tables. The HNSW index is built afterwards, which is a lot faster.
    fn fill(&self, url: &str) {
        let index = "SELECT pg_get_indexdef('items_e_idx'::regclass)";
        let index: String = self.runtime.block_on(async {
            connect(url).await.query_one(index, &[]).await.expect("an index").get(0)
        });
        let rows = self.rows;
        let year = |year: u32, from: &str| {
            format!(
                "INSERT INTO {from} (id, day, amount) SELECT i, '{year}-01-01'::date + (i % 365)::int, i \
                 FROM generate_series(1, {rows} / 3) AS i;"
            )
        };
        let events =
            [year(2024, "events"), year(2025, "events"), year(2026, "events_2026")].concat();
        self.execute(
            url,
            &format!(
                "DROP INDEX items_e_idx;
                 INSERT INTO owners (id) SELECT generate_series(1, {rows} / 100);
                 INSERT INTO items (id, owner_id, amount, price, code, label, state, e)
                   SELECT i, 1 + i % ({rows} / 100), i, i, 'c' || i, 'label ' || i % 1000, 'open',
                          (SELECT array_agg(random()) FROM generate_series(1, 16) WHERE i > 0)::vector
                     FROM generate_series(1, {rows}) AS i;
                 {events}
                 {index}"
            ),
        );
        self.execute(url, "VACUUM ANALYZE");
        self.execute(url, "CHECKPOINT");
    }

    /// The least of some measurements.
    fn least(&self, change: &Change, online: bool) -> Measured {
        let mut least = self.measure(change, online);
        for _ in 1..RUNS {
            if least.took <= SHORT {
                least = least.min(self.measure(change, online));
            }
        }
        least
    }

    /// Carries a change out while others read and write.
    fn measure(&self, change: &Change, online: bool) -> Measured {
        let name = format!("{}_copy", self.filled);
        self.on_server(&format!("CREATE DATABASE {name} TEMPLATE {}", self.filled));
        let url = self.url(&name);
        let project = tempfile::tempdir().expect("a folder");
        let folder = project.path();
        copy(&self.project.path().join("migrations"), &folder.join("migrations"));
        std::fs::write(folder.join("aludel.toml"), format!("[plan]\nonline = {online}\n"))
            .expect("aludel.toml");
        std::fs::write(folder.join("schema.toml"), change.apply(DECLARATION)).expect("schema.toml");
        let revision = ["--dev-url", "target", "revision", "--autogenerate", "-m", "change"];
        aludel(folder, &url, &revision);

        let measured = self.runtime.block_on(upgrade_beside_others(project, &url, self.rows));
        self.on_server(&format!("DROP DATABASE {name} WITH (FORCE)"));
        measured
    }

    fn url(&self, database: &str) -> String {
        let (host, _) = self.server.rsplit_once('/').expect("the URL ends in a database");
        format!("{host}/{database}")
    }

    fn on_server(&self, sql: &str) {
        self.execute(&self.server, sql);
    }

    fn execute(&self, url: &str, sql: &str) {
        let work = async { connect(url).await.batch_execute(sql).await };
        self.runtime.block_on(work).expect("the server does it");
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        for copy in ["_copy", ""] {
            self.on_server(&format!("DROP DATABASE IF EXISTS {}{copy} WITH (FORCE)", self.filled));
        }
    }
}

async fn upgrade_beside_others(project: tempfile::TempDir, url: &str, rows: u64) -> Measured {
    let others = Others::begin(url, rows).await;
    tokio::time::sleep(AROUND).await;
    let address = url.to_owned();
    let upgrade = tokio::task::spawn_blocking(move || {
        let begun = Instant::now();
        aludel(project.path(), &address, &["upgrade"]);
        begun.elapsed()
    });
    let took = upgrade.await.expect("the upgrade ends");
    tokio::time::sleep(AROUND).await;
    let (write, read) = others.end().await;
    Measured { write, read, took }
}

/// Sessions that read and write meanwhile.
struct Others {
    stop: Arc<AtomicBool>,
    writers: Vec<JoinHandle<Duration>>,
    readers: Vec<JoinHandle<Duration>>,
}

impl Others {
    async fn begin(url: &str, rows: u64) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let (mut writers, mut readers) = (Vec::new(), Vec::new());
        for (table, part) in TABLES {
            let ids = rows / part;
            let write = move |id| format!("UPDATE {table} SET note = note + 1 WHERE id = {id}");
            let read = move |id| format!("SELECT note FROM {table} WHERE id = {id}");
            writers.push(tokio::spawn(repeat(connect(url).await, stop.clone(), ids, write)));
            readers.push(tokio::spawn(repeat(connect(url).await, stop.clone(), ids, read)));
        }
        Self { stop, writers, readers }
    }

    /// The longest time that a write and a read took.
    async fn end(self) -> (Duration, Duration) {
        self.stop.store(true, Ordering::Relaxed);
        (longest(self.writers).await, longest(self.readers).await)
    }
}

async fn longest(sessions: Vec<JoinHandle<Duration>>) -> Duration {
    let mut longest = Duration::ZERO;
    for session in sessions {
        longest = longest.max(session.await.expect("the session goes on to the end"));
    }
    longest
}

/// Sends one statement after the other, and says how long the longest took.
async fn repeat(
    client: Client,
    stop: Arc<AtomicBool>,
    ids: u64,
    statement: impl Fn(u64) -> String,
) -> Duration {
    let (mut longest, mut id) = (Duration::ZERO, 0);
    while !stop.load(Ordering::Relaxed) {
        // A prime: it comes by everywhere, and seldom twice.
        id = (id + 7919) % ids;
        let begun = Instant::now();
        // Simple queries have no plan that a change of the table could make invalid.
        client.simple_query(&statement(id + 1)).await.expect("the application goes on");
        longest = longest.max(begun.elapsed());
        tokio::time::sleep(PAUSE).await;
    }
    longest
}

/// Runs the program, and gives what it prints.
fn aludel(project: &Path, url: &str, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_aludel"));
    command.current_dir(project).env("ALUDEL_URL", url).args(arguments);
    let output = command.output().expect("aludel runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "aludel {}: {said}", arguments.join(" "));
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("the revisions") {
        let entry = entry.expect("a revision");
        std::fs::copy(entry.path(), to.join(entry.file_name())).expect("a copy");
    }
}

async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.expect("a connection");
    tokio::spawn(connection);
    client
}
