//! Scratch databases on a server: made from template0, dropped when done.

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::time::Duration;

use tokio_postgres::error::SqlState;

use super::{DatabaseSpec, ScratchError};
use crate::connection::{Address, Connection, connect, ignore_notices};

/// What the names of scratch databases begin with.
const PREFIX: &str = "aludel_scratch_";

/// How long a drop that nobody waits for may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// A server, and a session to create and drop databases with.
pub(super) struct Server {
    address: Address,
    session: Arc<Connection>,
}

impl Server {
    pub(super) async fn connect(address: Address) -> Result<Self, ScratchError> {
        let session = Arc::new(connect(&address, ignore_notices()).await?);
        Ok(Self { address, session })
    }

    pub(super) async fn database(
        &self,
        spec: &DatabaseSpec,
    ) -> Result<(Connection, Hold), ScratchError> {
        self.check_extensions(spec).await?;
        let name = format!("{PREFIX}{:016x}", RandomState::new().hash_one(std::process::id()));
        // The name is ours, so it needs no quotes.
        let created = format!("CREATE DATABASE {name} TEMPLATE template0");
        self.session.batch_execute(&created).await.map_err(|it| self.refused(it))?;
        let address = self.address.with_database(&name);
        let session = Arc::clone(&self.session);
        let hold = Hold { server: self.address.clone(), session, name, dropped: false };
        match connect(&address, ignore_notices()).await {
            Ok(connection) => Ok((connection, hold)),
            Err(error) => {
                hold.close().await;
                Err(error.into())
            }
        }
    }

    async fn check_extensions(&self, spec: &DatabaseSpec) -> Result<(), ScratchError> {
        let missing = "SELECT wanted FROM unnest($1::text[]) AS wanted \
             WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_available_extensions WHERE name = wanted)";
        let missing = self.session.query(missing, &[&spec.extensions]).await?;
        let Some(row) = missing.first() else { return Ok(()) };
        Err(ScratchError::MissingExtension { name: row.get(0), place: self.address.to_string() })
    }

    fn refused(&self, error: tokio_postgres::Error) -> ScratchError {
        if error.code() == Some(&SqlState::INSUFFICIENT_PRIVILEGE) {
            return ScratchError::NoCreateDatabase {
                user: self.address.user.clone(),
                address: self.address.to_string(),
            };
        }
        error.into()
    }
}

/// A database that is dropped with this.
pub(super) struct Hold {
    server: Address,
    session: Arc<Connection>,
    name: String,
    dropped: bool,
}

impl Hold {
    pub(super) async fn close(mut self) {
        // If it fails, the drop below tries again on a new session.
        self.dropped = drop_database(&self.session, &self.name).await;
    }
}

impl Drop for Hold {
    /// The way out when work failed or was stopped: there may be no runtime left to wait with.
    fn drop(&mut self) {
        if self.dropped {
            return;
        }
        let (server, name) = (self.server.clone(), std::mem::take(&mut self.name));
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let Ok(runtime) = runtime else { return };
            let work = async {
                if let Ok(session) = connect(&server, ignore_notices()).await {
                    drop_database(&session, &name).await;
                }
            };
            // What cannot be dropped in time is left to the user, as the module's page says.
            let _ = runtime.block_on(async { tokio::time::timeout(PATIENCE, work).await });
        });
        let _ = thread.join();
    }
}

async fn drop_database(session: &Connection, name: &str) -> bool {
    session.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await.is_ok()
}
