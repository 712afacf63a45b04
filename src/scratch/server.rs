//! Scratch databases on a server: made from template0, each with a role of its own that may do nothing
//! else in the cluster; dropped when done.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio_postgres::error::SqlState;

use super::fence::Fence;
use super::{DatabaseSpec, ScratchError};
use crate::connection::address::Password;
use crate::connection::{Address, Connection, connect, ignore_notices};

/// What the names of scratch databases and their roles begin with.
const PREFIX: &str = "aludel_scratch_";

/// How long a drop that nobody waits for may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// A server, and a session to create and drop databases with.
pub(super) struct Server {
    address: Address,
    session: Arc<Connection>,
    disposable: bool,
    /// Why its databases have no role of their own, once that is known.
    unfenced: OnceLock<String>,
}

impl Server {
    pub(super) async fn connect(address: Address, disposable: bool) -> Result<Self, ScratchError> {
        let session = Arc::new(connect(&address, ignore_notices()).await?);
        Ok(Self { address, session, disposable, unfenced: OnceLock::new() })
    }

    /// Whether its databases have all rights of the role, as the user wants it.
    pub(super) fn is_disposable(&self) -> bool {
        self.disposable
    }

    /// Whose rights its databases have, and why, where that is not a role without any.
    pub(super) fn unfenced(&self) -> Option<String> {
        let reason = self.unfenced.get()?;
        Some(format!(
            "what is tried on {} has the rights of role {}, for no role without any could be used \
             there: {reason}",
            self.address, self.address.user
        ))
    }

    /// What a scratch database there may depend on: version, extensions, settings, rights.
    pub(super) async fn name(&self) -> Result<String, ScratchError> {
        let row = self.session.query_one(include_str!("queries/name.sql"), &[]).await?;
        Ok(format!("{} disposable: {}", row.get::<_, String>(0), self.disposable))
    }

    /// A fresh database, with the role that fences it in where there is one.
    pub(super) async fn database(
        &self,
        spec: &DatabaseSpec,
    ) -> Result<(Connection, Hold, Option<Fence>), ScratchError> {
        self.check_extensions(spec).await?;
        if !self.disposable && self.unfenced.get().is_none() {
            match self.fenced().await? {
                Ok((connection, hold, fence)) => return Ok((connection, hold, Some(fence))),
                Err(reason) => drop(self.unfenced.set(reason)),
            }
        }
        let hold = self.create(random_name()?, false).await?;
        match connect(&self.address.with_database(&hold.name), ignore_notices()).await {
            Ok(connection) => Ok((connection, hold, None)),
            Err(error) => {
                hold.close().await;
                Err(error.into())
            }
        }
    }

    /// A database that belongs to a role of its own; the reason where there can be no such role.
    async fn fenced(&self) -> Result<Result<(Connection, Hold, Fence), String>, ScratchError> {
        let name = random_name()?;
        let password = random_name()?;
        // It has one session and may open no second one, by whatever the server offers for that.
        // Who is no superuser must be a member to give it a database.
        let role = format!(
            "CREATE ROLE {name} LOGIN CONNECTION LIMIT 1 PASSWORD '{password}'; \
             GRANT {name} TO CURRENT_USER"
        );
        if let Err(error) = self.session.batch_execute(&role).await {
            return Ok(Err(super::database_message(&error)));
        }
        let hold = self.create(name, true).await?;
        let database = self.address.with_database(&hold.name);
        let own = database.with_role(&hold.name, &Password::new(password));
        match connect(&own, ignore_notices()).await {
            Ok(connection) => {
                let fence = Fence::new(&hold.name, database);
                if connection.major_version().is_some_and(|it| it < 15) {
                    fence.give_public().await;
                }
                Ok(Ok((connection, hold, fence)))
            }
            Err(error) => {
                hold.close().await;
                Ok(Err(error.to_string()))
            }
        }
    }

    async fn create(&self, name: String, has_role: bool) -> Result<Hold, ScratchError> {
        // The name is ours, so it needs no quotes.
        let owner = if has_role { format!("OWNER {name}") } else { String::new() };
        let session = Arc::clone(&self.session);
        let mut hold =
            Hold { server: self.address.clone(), session, name, has_role, dropped: false };
        let created = format!("CREATE DATABASE {} {owner} TEMPLATE template0", hold.name);
        match self.session.batch_execute(&created).await {
            Ok(()) => Ok(hold),
            Err(error) => {
                hold.dropped = drop_all(&self.session, &hold.name, has_role).await;
                Err(self.refused(error))
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

fn random_name() -> Result<String, ScratchError> {
    let random = || getrandom::u64().map_err(|it| ScratchError::Random { reason: it.to_string() });
    Ok(format!("{PREFIX}{:016x}{:016x}", random()?, random()?))
}

/// A database, and its role, that are dropped with this.
pub(super) struct Hold {
    server: Address,
    session: Arc<Connection>,
    name: String,
    has_role: bool,
    dropped: bool,
}

impl Hold {
    pub(super) async fn close(mut self) {
        // If it fails, the drop below tries again on a new session.
        self.dropped = drop_all(&self.session, &self.name, self.has_role).await;
    }
}

impl Drop for Hold {
    /// The way out when work failed or was stopped: there may be no runtime left to wait with.
    fn drop(&mut self) {
        if self.dropped {
            return;
        }
        let (server, name) = (self.server.clone(), std::mem::take(&mut self.name));
        let has_role = self.has_role;
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let Ok(runtime) = runtime else { return };
            let work = async {
                if let Ok(session) = connect(&server, ignore_notices()).await {
                    drop_all(&session, &name, has_role).await;
                }
            };
            // What cannot be dropped in time is left to the user, as the module's page says.
            let _ = runtime.block_on(async { tokio::time::timeout(PATIENCE, work).await });
        });
        let _ = thread.join();
    }
}

async fn drop_all(session: &Connection, name: &str, has_role: bool) -> bool {
    let database = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
    let role = format!("DROP ROLE IF EXISTS {name}");
    session.batch_execute(&database).await.is_ok()
        && (!has_role || session.batch_execute(&role).await.is_ok())
}
