//! How the work grows with the schema: 10, 100 and 1,000 tables, and 10,000 with `ALUDEL_LARGE=1`.
//!
//! Works on the server in `ALUDEL_TEST_URL`, in databases of its own. `check` is the whole program,
//! with its revision applied and nothing to find.

mod generated;

use std::path::Path;
use std::process::Command;

use aludel::catalog::{Scope, introspect};
use aludel::diff::diff;
use aludel::model::object::{Object, ObjectId};
use aludel::model::snapshot::Snapshot;
use aludel::render;
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use tokio::runtime::Runtime;
use tokio_postgres::{Client, NoTls};

criterion_group!(benches, growth);
criterion_main!(benches);

fn growth(criterion: &mut Criterion) {
    let server = std::env::var("ALUDEL_TEST_URL").expect("ALUDEL_TEST_URL names a server");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime");
    let large = std::env::var_os("ALUDEL_LARGE").is_some();
    let sizes = [10, 100, 1_000, 10_000];
    for tables in sizes.into_iter().filter(|it| large || *it <= 1_000) {
        let database = Database::create(&runtime, &server, tables);
        let project = tempfile::tempdir().expect("a folder");
        let declaration = generated::declaration(tables);
        std::fs::write(project.path().join("schema.toml"), declaration).expect("schema.toml");
        prepare(project.path(), &database.url);
        measure(criterion, &runtime, &database, project.path(), tables);
        database.drop(&runtime, &server);
    }
}

fn measure(
    criterion: &mut Criterion,
    runtime: &Runtime,
    database: &Database,
    project: &Path,
    tables: usize,
) {
    let id = |it: &str| BenchmarkId::new(it, tables);
    let mut client = runtime.block_on(connect(&database.url));
    let scope = Scope::default();
    let mut read = || runtime.block_on(introspect(&mut client, &scope)).expect("a snapshot");
    let live = read();
    let changed = changed(&live);
    let mut group = criterion.benchmark_group("growth");
    group.sample_size(10);
    group.bench_function(id("introspect"), |it| it.iter(&mut read));
    group.bench_function(id("diff"), |it| it.iter(|| diff(&live.schema, &changed.schema)));
    group.bench_function(id("plan and render"), |it| {
        it.iter(|| render::script(&generated::creation(&live)));
    });
    group.bench_function(id("check"), |it| it.iter(|| aludel(project, &database.url, &["check"])));
    group.finish();
}

/// One table in ten has another comment.
fn changed(snapshot: &Snapshot) -> Snapshot {
    let mut changed = snapshot.clone();
    for table in snapshot.schema.tables().step_by(10) {
        let mut table = table.clone();
        table.comment = Some("changed".to_owned());
        changed.schema.remove(&ObjectId::table(&table.name));
        changed.schema.insert(Object::Table(table));
    }
    changed
}

/// One revision that makes everything, applied.
fn prepare(project: &Path, url: &str) {
    aludel(project, url, &["--dev-url", "target", "revision", "-m", "all", "--autogenerate"]);
    aludel(project, url, &["upgrade"]);
    // The first run fills the cache of what the revisions build.
    aludel(project, url, &["check"]);
}

fn aludel(project: &Path, url: &str, arguments: &[&str]) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_aludel"));
    command.current_dir(project).env("ALUDEL_URL", url).args(arguments);
    let output = command.output().expect("aludel runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "aludel {}: {said}", arguments.join(" "));
}

/// A database for one size.
struct Database {
    name: String,
    url: String,
}

impl Database {
    fn create(runtime: &Runtime, server: &str, tables: usize) -> Self {
        let name = format!("aludel_bench_{}_{tables}", std::process::id());
        execute(runtime, server, &format!("CREATE DATABASE {name} TEMPLATE template0"));
        let (host, _) = server.rsplit_once('/').expect("the URL of the server ends in a database");
        Self { url: format!("{host}/{name}"), name }
    }

    fn drop(self, runtime: &Runtime, server: &str) {
        execute(runtime, server, &format!("DROP DATABASE {} WITH (FORCE)", self.name));
    }
}

fn execute(runtime: &Runtime, url: &str, sql: &str) {
    let work = async { connect(url).await.batch_execute(sql).await };
    runtime.block_on(work).expect("the server does it");
}

async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.expect("a connection");
    tokio::spawn(connection);
    client
}
