//! A server for tests, and a database for each.
//!
//! The server is the one in `ALUDEL_TEST_URL`, else the one that `scripts/postgres` starts. A test
//! that needs a server fails without one.

use std::future::Future;
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use aludel::revision::consent::Consent;
use aludel::runner::RunSettings;
use tokio_postgres::{Client, NoTls};

/// The URL of a database on the test server.
pub(crate) fn url_of(database: &str) -> String {
    let (server, parameters) = match server_url().split_once('?') {
        Some((server, parameters)) => (server, format!("?{parameters}")),
        None => (server_url(), String::new()),
    };
    let (host, _) = server.rsplit_once('/').expect("the URL of the server ends in a database");
    format!("{host}/{database}{parameters}")
}

/// An empty database of its own, dropped at the end of the test.
pub(crate) struct TestDatabase {
    name: String,
}

impl TestDatabase {
    /// Creates a database; the hint is part of its name.
    pub(crate) fn create(hint: &str) -> Self {
        Self::of_template(hint, "template0")
    }

    fn of_template(hint: &str, template: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("aludel_test_{hint}_{}_{count}", std::process::id());
        on_server(format!("CREATE DATABASE {name} TEMPLATE {template}"));
        Self { name }
    }

    /// Creates a database that is a copy of another, to which nobody is connected.
    pub(crate) fn copy(other: &Self) -> Self {
        Self::of_template("copy", &other.name)
    }

    /// Whether the server has an extension to create.
    #[cfg(feature = "embedded")]
    pub(crate) fn has_extension(name: &str) -> bool {
        let query = "SELECT true FROM pg_available_extensions WHERE name = $1";
        let client = connect(server_url());
        block_on(async { client.await.query_opt(query, &[&name]).await.unwrap().is_some() })
    }

    /// Creates a database with an encoding of its own.
    pub(crate) fn create_encoded(hint: &str, encoding: &str) -> Self {
        let database = Self::create(hint);
        let name = &database.name;
        on_server(format!("DROP DATABASE {name}"));
        on_server(format!(
            "CREATE DATABASE {name} TEMPLATE template0 ENCODING '{encoding}' LOCALE 'C'"
        ));
        database
    }

    /// Its URL.
    pub(crate) fn url(&self) -> String {
        url_of(&self.name)
    }

    /// A connection to it.
    pub(crate) async fn connect(&self) -> Client {
        connect(&self.url()).await
    }

    /// Runs SQL in it.
    #[track_caller]
    pub(crate) fn execute(&self, sql: &str) {
        if let Err(error) = block_on(async { self.connect().await.batch_execute(sql).await }) {
            panic!("{error:?} in\n{sql}");
        }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        on_server(format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
    }
}

/// Runs a future to its end.
pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(future)
}

/// Speaks to the server on a thread of its own, for a runtime does not start inside another.
fn on_server(sql: String) {
    let work = move || {
        block_on(async {
            let client = connect(server_url()).await;
            client.batch_execute(&sql).await.unwrap_or_else(|error| panic!("{error:?} in {sql}"));
        });
    };
    let outcome = std::thread::spawn(work).join();
    assert!(outcome.is_ok() || std::thread::panicking(), "the test server refused");
}

pub(crate) async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap_or_else(|error| {
        panic!(
            "no connection to the test server: {error}\n\
             run `scripts/postgres start`, or set ALUDEL_TEST_URL to a server with pgvector"
        )
    });
    tokio::spawn(connection);
    client
}

/// The text that a query gives.
pub(crate) fn scalar(database: &TestDatabase, sql: &str) -> String {
    block_on(async { database.connect().await.query_one(sql, &[]).await.expect(sql).get(0) })
}

/// Whether the server has pgvector, which Debian's PostgreSQL 15 has not.
pub(crate) async fn has_pgvector() -> bool {
    let sql = "SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'vector')";
    connect(server_url()).await.query_one(sql, &[]).await.expect("an answer").get(0)
}

/// SQL without the lines that end in `-- pgvector`, where the server does not have it.
pub(crate) async fn without_what_it_lacks(sql: &str) -> String {
    if has_pgvector().await {
        return sql.to_owned();
    }
    sql.lines().filter(|it| !it.ends_with("-- pgvector")).map(|it| format!("{it}\n")).collect()
}

/// The server's URL.
pub(crate) fn server_url() -> &'static str {
    static URL: OnceLock<String> = OnceLock::new();
    URL.get_or_init(|| std::env::var("ALUDEL_TEST_URL").unwrap_or_else(|_| start_server()))
}

fn start_server() -> String {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/postgres");
    let output = Command::new(script).arg("url").output();
    let hint = "set ALUDEL_TEST_URL to a server with pgvector instead";
    let output = output.unwrap_or_else(|error| panic!("cannot run {script}: {error}; {hint}"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "`{script} url` failed; {hint}\n{said}");
    String::from_utf8(output.stdout).expect("a URL").trim().to_owned()
}

/// How revisions are run that were written by hand, without proofs.
pub(crate) fn consenting() -> RunSettings {
    let consent = Consent { downgrade: true, unmeasured: true, ..Consent::default() };
    RunSettings { consent, ..RunSettings::default() }
}
