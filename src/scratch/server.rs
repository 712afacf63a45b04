//! Scratch databases on a server: created from template0, each with its own role that has no
//! privileges outside of it; dropped afterwards.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio_postgres::error::SqlState;

use super::fence::Fence;
use super::{DatabaseSpec, ScratchError};
use crate::connection::address::Password;
use crate::connection::{Address, ConnectError, Connection, connect, ignore_notices};

/// What the names of scratch databases and their roles begin with.
const PREFIX: &str = "aludel_scratch_";

/// How long to wait before another look at what is still being made.
const PAUSE: Duration = Duration::from_millis(50);

/// How long the drop of what was stopped or failed may take. DROP DATABASE waits for a checkpoint.
const PATIENCE: Duration = Duration::from_secs(30);

/// Ends the session that makes databases; whether it is still there.
const END_MAKER: &str = "SELECT count(pg_catalog.pg_terminate_backend(pid)) > 0 \
     FROM pg_catalog.pg_stat_activity WHERE application_name OPERATOR(pg_catalog.=) $1";

/// A server, and a session to create and drop databases with.
pub(super) struct Server {
    address: Address,
    session: Arc<Connection>,
    /// The `application_name` of that session, which no other has.
    maker: Arc<str>,
    disposable: bool,
    /// Why its databases have no role of their own, once that is known.
    unfenced: OnceLock<String>,
}

impl Server {
    pub(super) async fn connect(address: Address, disposable: bool) -> Result<Self, ScratchError> {
        let session = Arc::new(connect(&address, ignore_notices()).await?);
        let maker = random_name()?;
        session.batch_execute(&format!("SET application_name TO {maker}")).await?;
        Ok(Self { address, session, maker: maker.into(), disposable, unfenced: OnceLock::new() })
    }

    /// Whether its databases have all privileges of the role, as the user wants it.
    pub(super) fn is_disposable(&self) -> bool {
        self.disposable
    }

    /// Whose privileges its databases have, and why, where that is not a role without any.
    pub(super) fn unfenced(&self) -> Option<String> {
        let reason = self.unfenced.get()?;
        Some(format!(
            "files run on {} with the privileges of role {}, because no role without privileges \
             could be used there: {reason}",
            self.address, self.address.user
        ))
    }

    /// What a scratch database there may depend on: version, extensions, settings, privileges.
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
        // Its drop takes away whatever of it has been made.
        let mut hold = self.hold()?;
        let made = self.fill(&hold.name).await;
        hold.making = false;
        match made {
            Ok((connection, fence)) => Ok((connection, hold, fence)),
            Err(error) => {
                hold.close().await;
                Err(error)
            }
        }
    }

    async fn fill(&self, name: &str) -> Result<(Connection, Option<Fence>), ScratchError> {
        let password = if self.disposable { None } else { self.role(name).await? };
        // The name is ours, so it needs no quotes.
        let owner = password.as_ref().map_or_else(String::new, |_| format!("OWNER {name}"));
        // template1 can contain objects, and CREATE DATABASE fails while somebody is connected to its
        // template (manual 23.3); template0 accepts no connections.
        let created = format!("CREATE DATABASE {name} {owner} TEMPLATE template0");
        self.session.batch_execute(&created).await.map_err(|it| self.refused(it))?;
        let database = self.address.with_database(name);
        let Some(password) = password else {
            return Ok((connect(&database, ignore_notices()).await?, None));
        };
        let fence = Fence::open(name, &database).await?;
        fence.pin().await?;
        let mut own = database.with_role(name, &Password::new(password));
        for (setting, value) in self.settings().await? {
            own = own.with_setting(&setting, &value);
        }
        match connect(&own, ignore_notices()).await {
            Ok(connection) => Ok((connection, Some(fence))),
            Err(error) => {
                fence.close().await;
                Err(ScratchError::NoLogin { place: self.address.to_string(), source: error })
            }
        }
    }

    /// Makes a role, and gives its password; None where the user may not.
    async fn role(&self, name: &str) -> Result<Option<String>, ScratchError> {
        if self.unfenced.get().is_some() {
            return Ok(None);
        }
        let password = random_name()?;
        let privileges = "SELECT rolsuper FROM pg_catalog.pg_roles \
             WHERE rolname OPERATOR(pg_catalog.=) current_user";
        let is_superuser: bool = self.session.query_one(privileges, &[]).await?.get(0);
        // Policies bind it where they do not bind who writes the file, and its tables are its own.
        let bypass = if is_superuser { "BYPASSRLS" } else { "" };
        // It has one session and may open no second one, by whatever the server offers for that. Who
        // is no superuser must be a member to give it something.
        let role = format!(
            "CREATE ROLE {name} LOGIN {bypass} CONNECTION LIMIT 1 PASSWORD '{password}'; \
             GRANT {name} TO CURRENT_USER"
        );
        match self.session.batch_execute(&role).await {
            Ok(()) => Ok(Some(password)),
            Err(error) if error.code() == Some(&SqlState::INSUFFICIENT_PRIVILEGE) => {
                drop(self.unfenced.set(super::database_message(&error)));
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// What the user's role has set for its sessions, as far as any role may.
    async fn settings(&self) -> Result<Vec<(String, String)>, ScratchError> {
        let rows = self.session.query(include_str!("queries/role_settings.sql"), &[]).await?;
        Ok(rows.iter().map(|row| (row.get("name"), row.get("value"))).collect())
    }

    fn hold(&self) -> Result<Hold, ScratchError> {
        let (server, session) = (self.address.clone(), Arc::clone(&self.session));
        let (maker, name) = (Arc::clone(&self.maker), random_name()?);
        Ok(Hold { server, session, maker, name, making: true, dropped: false })
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
    maker: Arc<str>,
    name: String,
    /// Whether what makes it may still be on its way to the server.
    making: bool,
    dropped: bool,
}

impl Hold {
    /// A further session on the database, of the user's role.
    pub(super) async fn connect(&self) -> Result<Connection, ConnectError> {
        let database = self.server.with_database(&self.name);
        let pinned = database.with_setting("search_path", "pg_catalog, pg_temp");
        connect(&pinned, ignore_notices()).await
    }

    pub(super) async fn close(mut self) {
        // If it fails, the drop below tries again on a new session.
        self.dropped = drop_all(&self.session, &self.name).await;
    }
}

impl Drop for Hold {
    /// The way out when work failed or was stopped: there may be no runtime left to wait with.
    fn drop(&mut self) {
        if self.dropped {
            return;
        }
        let (server, name) = (self.server.clone(), std::mem::take(&mut self.name));
        let maker = self.making.then(|| Arc::clone(&self.maker));
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let Ok(runtime) = runtime else { return };
            let work = async {
                let Ok(session) = connect(&server, ignore_notices()).await else { return };
                // A statement that was sent is carried out whether or not somebody waits for it, and it may
                // not have begun yet.
                while let Some(maker) = &maker
                    && end_session(&session, maker).await
                {
                    tokio::time::sleep(PAUSE).await;
                }
                drop_all(&session, &name).await;
            };
            // What cannot be dropped in time is left to the user, as the module's page says.
            let _ = runtime.block_on(async { tokio::time::timeout(PATIENCE, work).await });
        });
        let _ = thread.join();
    }
}

/// Ends the session that makes databases, and tells whether it was still there.
async fn end_session(session: &Connection, maker: &str) -> bool {
    session.query_one(END_MAKER, &[&maker]).await.is_ok_and(|row| row.get(0))
}

async fn drop_all(session: &Connection, name: &str) -> bool {
    // Its owner may have made it a template, which is not dropped.
    let template = format!("ALTER DATABASE {name} IS_TEMPLATE false");
    let _ = session.batch_execute(&template).await;
    let database = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
    let role = format!("DROP ROLE IF EXISTS {name}");
    session.batch_execute(&database).await.is_ok() && session.batch_execute(&role).await.is_ok()
}
