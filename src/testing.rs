//! A migrated database for each test.
//!
//! ```no_run
//! use aludel::migrator::Migrator;
//! use aludel::testing::TestDatabase;
//!
//! # async fn a_test() -> Result<(), Box<dyn std::error::Error>> {
//! let migrator = Migrator::from_directory("migrations")?;
//! let database = match std::env::var("TEST_DATABASE_URL") {
//!     Ok(server) => TestDatabase::on_server(&migrator, &server).await?,
//!     Err(_) => TestDatabase::embedded(&migrator).await?,
//! };
//! let (client, connection) =
//!     tokio_postgres::connect(database.url(), tokio_postgres::NoTls).await?;
//! # let _ = (client, connection);
//! // …
//! database.close().await;
//! # Ok(())
//! # }
//! ```
//!
//! On a server the revisions run once: into `aludel_template_…`, which is kept and named after what they
//! run, so changed revisions get a template of their own. Each test gets a copy of it under a random name,
//! which PostgreSQL makes file by file (manual, 23.3 "Template Databases"). On the embedded engine each test
//! has a cluster of its own, which takes one connection at a time. Either is gone with the
//! [`TestDatabase`], also when the test panics; a killed process leaves its `aludel_test_…` behind.

use std::time::Duration;

use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::connection::surroundings::Process;
use crate::connection::{Address, AddressError, ConnectError, Connection, connect, ignore_notices};
use crate::ledger::Direction;
use crate::migrator::{Migrator, MigratorError, Witnessed};
use crate::model::fingerprint::hex;
use crate::revision::target::Target;

/// What the names of databases that are copied begin with.
const TEMPLATE: &str = "aludel_template_";

/// What the names of databases of tests begin with.
const TEST: &str = "aludel_test_";

/// Hexadecimal digits in a name.
const DIGITS: usize = 16;

/// How long to wait before it is looked again whether another process has made the template.
const PAUSE: Duration = Duration::from_millis(50);

/// How long the database of a test that panicked may take to go.
const PATIENCE: Duration = Duration::from_secs(10);

/// A database in which all revisions have run. It is dropped with this.
pub struct TestDatabase {
    url: String,
    hold: Hold,
}

enum Hold {
    #[cfg(feature = "embedded")]
    Cluster(Option<aludel_engine::Cluster>),
    Server {
        server: Address,
        name: String,
        template: String,
        dropped: bool,
    },
}

/// Why there is no database for a test.
#[derive(Debug, Error)]
pub enum TestError {
    /// Not an address.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// No connection.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// The revisions do not run.
    #[error(transparent)]
    Migrator(#[from] MigratorError),
    /// The server refused to make the database.
    #[error("no database for a test: {0}")]
    Refused(#[from] tokio_postgres::Error),
    /// The embedded engine does not start.
    #[cfg(feature = "embedded")]
    #[error(transparent)]
    Engine(#[from] aludel_engine::EngineError),
    /// No random name.
    #[error("the operating system gives no random numbers: {0}")]
    Random(getrandom::Error),
}

impl TestDatabase {
    /// A database on the embedded engine, for one connection at a time.
    ///
    /// # Errors
    /// When the engine does not start, or the revisions do not run.
    #[cfg(feature = "embedded")]
    pub async fn embedded(migrator: &Migrator) -> Result<Self, TestError> {
        use crate::scratch::embedded::check_cache_directory;
        use crate::scratch::extensions::created_in;

        check_cache_directory()?;
        let revisions = migrator.graph().iter();
        let extensions: Vec<String> = revisions.flat_map(|it| created_in(&it.up.text)).collect();
        let started =
            tokio::task::spawn_blocking(move || aludel_engine::Cluster::scratch(&extensions));
        let cluster = match started.await {
            Ok(started) => started?,
            Err(panicked) => std::panic::resume_unwind(panicked.into_panic()),
        };
        let address =
            Address::local(cluster.port(), aludel_engine::POSTGRES, aludel_engine::POSTGRES);
        let url = format!(
            "postgres://{role}@127.0.0.1:{}/{role}",
            cluster.port(),
            role = aludel_engine::POSTGRES
        );
        let database = Self { url, hold: Hold::Cluster(Some(cluster)) };
        apply(migrator, &address, Witnessed::No).await?;
        Ok(database)
    }

    /// A database on a server, whose role may create databases.
    ///
    /// # Errors
    /// When the server does not answer or refuses, or the revisions do not run.
    pub async fn on_server(migrator: &Migrator, url: &str) -> Result<Self, TestError> {
        let server = Address::parse(url, &Process)?;
        let session = connect(&server, ignore_notices()).await?;
        let made = copied(migrator, &session, &server).await;
        session.close().await;
        let (name, template) = made?;
        let url = with_database(url, &name);
        Ok(Self { url, hold: Hold::Server { server, name, template, dropped: false } })
    }

    /// Where it is: a postgres:// URL, or a connection string where one was given.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The database on the server that it was copied from, which stays; None on the embedded engine.
    #[must_use]
    pub fn template(&self) -> Option<&str> {
        match &self.hold {
            #[cfg(feature = "embedded")]
            Hold::Cluster(_) => None,
            Hold::Server { template, .. } => Some(template),
        }
    }

    /// Drops it. Connections to it are ended. Merely dropping the value does the same, but blocks.
    pub async fn close(mut self) {
        match &mut self.hold {
            #[cfg(feature = "embedded")]
            Hold::Cluster(cluster) => {
                let cluster = cluster.take();
                let _ = tokio::task::spawn_blocking(move || drop(cluster)).await;
            }
            Hold::Server { server, name, dropped, .. } => {
                *dropped = drop_database(server, name).await;
            }
        }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        match &mut self.hold {
            #[cfg(feature = "embedded")]
            Hold::Cluster(_) => {}
            Hold::Server { dropped: true, .. } => {}
            Hold::Server { server, name, .. } => {
                // There may be no runtime left to wait with.
                let (server, name) = (server.clone(), std::mem::take(name));
                let thread = std::thread::spawn(move || {
                    let runtime =
                        tokio::runtime::Builder::new_current_thread().enable_all().build();
                    let Ok(runtime) = runtime else { return };
                    let work = async {
                        tokio::time::timeout(PATIENCE, drop_database(&server, &name)).await
                    };
                    let _ = runtime.block_on(work);
                });
                let _ = thread.join();
            }
        }
    }
}

/// Makes a copy of the template, and the template where it is missing. Gives both names.
async fn copied(
    migrator: &Migrator,
    session: &Connection,
    server: &Address,
) -> Result<(String, String), TestError> {
    let digest = digest(migrator);
    let template = format!("{TEMPLATE}{digest}");
    // A name of ours needs no quotes.
    let name = format!("{TEST}{:016x}", getrandom::u64().map_err(TestError::Random)?);
    let key = i64::from_str_radix(&digest[..DIGITS - 1], 16).unwrap_or_default();
    while !session
        .query_one("SELECT pg_catalog.pg_try_advisory_lock($1)", &[&key])
        .await?
        .get::<_, bool>(0)
    {
        tokio::time::sleep(PAUSE).await;
    }
    let made = async {
        let known = "SELECT FROM pg_catalog.pg_database WHERE datname = $1";
        if session.query_opt(known, &[&template]).await?.is_none() {
            // A run that was killed leaves this one.
            let unfinished = format!("{template}_new");
            let drop = format!("DROP DATABASE IF EXISTS {unfinished} WITH (FORCE)");
            session.batch_execute(&drop).await?;
            session.batch_execute(&format!("CREATE DATABASE {unfinished}")).await?;
            apply(migrator, &server.with_database(&unfinished), Witnessed::Yes).await?;
            session
                .batch_execute(&format!("ALTER DATABASE {unfinished} RENAME TO {template}"))
                .await?;
        }
        session.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {template}")).await?;
        Ok::<_, TestError>(())
    };
    let made = made.await;
    session.query_one("SELECT pg_catalog.pg_advisory_unlock($1)", &[&key]).await?;
    made.map(|()| (name, template))
}

async fn apply(
    migrator: &Migrator,
    address: &Address,
    witnessed: Witnessed,
) -> Result<(), TestError> {
    let targets = [Target::HEADS];
    migrator.run_at(address, witnessed, Direction::Up, &targets, &mut |_| {}).await?;
    Ok(())
}

async fn drop_database(server: &Address, name: &str) -> bool {
    let Ok(session) = connect(server, ignore_notices()).await else { return false };
    let dropped =
        session.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
    session.close().await;
    dropped.is_ok()
}

/// Over all that the revisions run, in a name.
fn digest(migrator: &Migrator) -> String {
    let mut hash = Sha256::new();
    for revision in migrator.graph().iter() {
        hash.update(revision.id().as_str());
        hash.update(revision.checksum().to_string());
        hash.update([0]);
    }
    hex(&hash.finalize()).chars().take(DIGITS).collect()
}

/// The same address of another database. In a URL the database is the path; in a connection string the last
/// `dbname` counts (manual, 34.1.1 "Connection Strings").
fn with_database(url: &str, name: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return format!("{url} dbname={name}") };
    let (rest, query) = rest.split_once('?').map_or((rest, ""), |(rest, query)| (rest, query));
    let authority = rest.split('/').next().unwrap_or_default();
    let divide = if query.is_empty() { "" } else { "?" };
    format!("{scheme}://{authority}/{name}{divide}{query}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_gets_another_database() {
        let check = |url: &str, expected: &str| assert_eq!(with_database(url, "x"), expected);
        check("postgres://a:b@h:1/app?sslmode=disable", "postgres://a:b@h:1/x?sslmode=disable");
        check("postgresql://h", "postgresql://h/x");
        check("postgres:///app?host=/tmp", "postgres:///x?host=/tmp");
        check("host=/tmp dbname=app", "host=/tmp dbname=app dbname=x");
    }
}
