//! Scratch databases: empty databases to run SQL in, dropped afterwards.
//!
//! In: an [`EngineChoice`] and a [`DatabaseSpec`]. Out: a [`ScratchDatabase`], a session on a new
//! database with `search_path` set to `public`, and fixed values for the settings that change how
//! text is read. On the embedded engine every scratch database is a separate cluster in this
//! process; on a server it is a database with a random name. Both are removed with the
//! [`ScratchDatabase`], also after an error. A killed process leaves them: embedded ones are
//! removed by a later start, but `aludel_scratch_…` databases and roles on a server must be dropped
//! by the user.
//!
//! Tested files can be untrusted, so on a server they run as a role that has privileges in its
//! database only (see the module `fence`), unless the server is declared as disposable.

pub mod cache;
pub mod extensions;
mod fence;
mod often;
mod server;

#[cfg(feature = "embedded")]
pub mod embedded;
#[cfg(not(feature = "embedded"))]
#[path = "absent.rs"]
pub mod embedded;

use std::collections::BTreeSet;
use std::io;
use std::ops::{Deref, DerefMut};
use std::path::PathBuf;

use tokio_postgres::Row;
use tokio_postgres::error::SqlState;

use crate::connection::{
    Address, ConnectError, Connection, connect, copy_in, ignore_notices, text_pins,
};
use crate::model::ident::Ident;
use crate::sql_text::reaches_out;

use fence::{Fence, drop_of_own_extension, reserved};
use often::Often;

/// The embedded engine and its release.
pub const EMBEDDED_ENGINE: &str = "pglite-oxide 0.5.1";

/// Where scratch databases live.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EngineChoice {
    /// In this process.
    Embedded,
    /// On a server for development (`--dev-url URL`).
    Server(Address),
    /// On a server that has nothing to lose (`--dev-disposable`): with all privileges of the role.
    Disposable(Address),
    /// On the server that is migrated (`--dev-url target`).
    Target(Address),
}

/// What a scratch database must be able to do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DatabaseSpec {
    /// Extensions that the SQL will create; see [`extensions::created_in`]. Nothing is created yet.
    pub extensions: Vec<String>,
}

/// Something that makes scratch databases.
pub struct Engine(Kind);

enum Kind {
    Embedded(embedded::Embedded),
    Server(Box<server::Server>),
}

impl Engine {
    /// Gets ready. A server is connected to here; the embedded engine starts with its databases.
    pub async fn start(choice: EngineChoice) -> Result<Self, ScratchError> {
        let kind = match choice {
            EngineChoice::Embedded => Kind::Embedded(embedded::Embedded::new()?),
            EngineChoice::Server(address) | EngineChoice::Target(address) => {
                Kind::Server(Box::new(server::Server::connect(address, false).await?))
            }
            EngineChoice::Disposable(address) => {
                Kind::Server(Box::new(server::Server::connect(address, true).await?))
            }
        };
        Ok(Self(kind))
    }

    /// Makes a fresh database. Several may be open at once.
    pub async fn database(&self, spec: &DatabaseSpec) -> Result<ScratchDatabase, ScratchError> {
        let (connection, reach, hold) = match &self.0 {
            Kind::Embedded(it) => {
                let (connection, hold) = it.database(spec).await?;
                (connection, Reach::Everything, Hold::Embedded(Box::new(hold)))
            }
            Kind::Server(it) => {
                let (connection, hold, fence) = it.database(spec).await?;
                let reach = match fence {
                    Some(fence) => Reach::Fenced(Box::new(fence)),
                    None if it.is_disposable() => Reach::Everything,
                    None => Reach::OfUser,
                };
                (connection, reach, Hold::Server(Box::new(hold)))
            }
        };
        let often = Often::default();
        let database = ScratchDatabase { connection, reach, hold, often };
        let begin = format!("{}; SET search_path TO public", text_pins());
        match database.batch_execute(&begin).await {
            Ok(()) => Ok(database),
            Err(error) => {
                database.close().await;
                Err(error.into())
            }
        }
    }

    /// What tells engines apart that may say something else of the same SQL.
    ///
    /// # Errors
    /// When a server does not answer.
    pub async fn name(&self) -> Result<String, ScratchError> {
        match &self.0 {
            Kind::Embedded(_) => Ok(EMBEDDED_ENGINE.to_owned()),
            Kind::Server(it) => it.name().await,
        }
    }

    /// What there is to say about databases that have the privileges of the user's role, for no role
    /// without privileges could be used; None where there are none.
    #[must_use]
    pub fn unfenced(&self) -> Option<String> {
        match &self.0 {
            Kind::Embedded(_) => None,
            Kind::Server(it) => it.unfenced(),
        }
    }
}

/// The role that a refused statement names and nobody made. The embedded engine speaks English, and
/// on a server no role is made.
fn missing_role(error: &tokio_postgres::Error) -> Option<Ident> {
    let error = error.as_db_error()?;
    let undefined = *error.code() == SqlState::UNDEFINED_OBJECT;
    let name = error.message().strip_prefix("role \"")?.strip_suffix("\" does not exist")?;
    undefined.then(|| Ident::new(name))
}

/// A session on a scratch database, and the database itself. It can be used as the [`Connection`].
pub struct ScratchDatabase {
    // Dropped first, so that the database is free when its turn comes.
    connection: Connection,
    reach: Reach,
    hold: Hold,
    often: Often,
}

/// How far what is run in a scratch database can reach.
enum Reach {
    /// As far as it likes: there is nothing else in the cluster, or nothing that anybody needs.
    Everything,
    /// This database.
    Fenced(Box<Fence>),
    /// Whatever the user's role can, but for what is seen to go beyond this database.
    OfUser,
}

enum Hold {
    Embedded(Box<embedded::Hold>),
    Server(Box<server::Hold>),
    /// It stays.
    Copy(Box<Address>),
}

impl ScratchDatabase {
    /// A copy of a database that somebody has restored to be worked on; it is not removed.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn of_copy(address: &Address) -> Result<Self, ScratchError> {
        let connection = connect(address, ignore_notices()).await?;
        connection.batch_execute(&format!("{}; SET search_path TO public", text_pins())).await?;
        let hold = Hold::Copy(Box::new(address.clone()));
        Ok(Self { connection, reach: Reach::Everything, hold, often: Often::default() })
    }

    /// Asks what is asked again and again, outside of a transaction.
    ///
    /// # Errors
    /// What the server refuses.
    pub async fn query_often(&self, sql: &'static str) -> Result<Vec<Row>, tokio_postgres::Error> {
        self.often.query(&self.connection, sql).await
    }

    /// Runs SQL. A role that it names is made where that is harmless: see
    /// [`ScratchDatabase::ensure_role`].
    ///
    /// # Errors
    /// What the server refuses, and what would reach beyond the database.
    pub async fn run(&self, sql: &str) -> Result<(), NotRun> {
        self.check_reach(sql)?;
        if let Reach::Fenced(fence) = &self.reach
            && let Some(reserved) = drop_of_own_extension(sql)
        {
            return fence.administer(&reserved, None).await.map_err(NotRun::Fenced);
        }
        let mut made = BTreeSet::new();
        loop {
            let error = match self.batch_execute(sql).await {
                Ok(()) => return Ok(()),
                Err(error) => error,
            };
            if error.code() == Some(&SqlState::INSUFFICIENT_PRIVILEGE)
                && let Reach::Fenced(fence) = &self.reach
            {
                return self.administer(fence, sql, error).await;
            }
            match missing_role(&error) {
                Some(role) if made.insert(role.clone()) => {
                    if self.ensure_role(&role).await.is_err() {
                        return Err(error.into());
                    }
                }
                _ => return Err(error.into()),
            }
        }
    }

    /// Has done by the user's role what the role of this database was refused, where that is harmless.
    async fn administer(
        &self,
        fence: &Fence,
        sql: &str,
        refused: tokio_postgres::Error,
    ) -> Result<(), NotRun> {
        let Some((settings, reserved)) = reserved(sql) else {
            return Err(NotRun::Fenced(refused));
        };
        for setting in settings {
            self.batch_execute(&setting.text).await?;
        }
        let schema = self.query_one("SELECT pg_catalog.current_schema()::text", &[]).await?;
        let schema: Option<String> = schema.get(0);
        fence.administer(&reserved, schema.as_deref()).await.map_err(NotRun::Fenced)
    }

    /// Whether a statement is run by another session, on behalf of the role of this database.
    #[must_use]
    pub fn is_reserved(&self, sql: &str) -> bool {
        let fenced = matches!(self.reach, Reach::Fenced(_));
        fenced && (drop_of_own_extension(sql).is_some() || reserved(sql).is_some())
    }

    /// Another session on the database, with the privileges of the user's role; None on the embedded
    /// engine, which has one. What the database's owner may have set for its sessions does not count.
    ///
    /// # Errors
    /// When the server does not let it in.
    pub async fn another(&self) -> Result<Option<Connection>, ScratchError> {
        match &self.hold {
            Hold::Embedded(_) => Ok(None),
            Hold::Server(it) => Ok(Some(it.connect().await?)),
            Hold::Copy(it) => Ok(Some(connect(it, ignore_notices()).await?)),
        }
    }

    /// Runs COPY FROM STDIN with its rows.
    ///
    /// # Errors
    /// As [`ScratchDatabase::run`].
    pub async fn copy(&self, sql: &str, rows: &str) -> Result<(), NotRun> {
        self.check_reach(sql)?;
        Ok(copy_in(self, sql, rows).await?)
    }

    /// Without other isolation, statements that visibly affect more than the database are rejected.
    fn check_reach(&self, sql: &str) -> Result<(), NotRun> {
        let found = matches!(self.reach, Reach::OfUser).then(|| reaches_out(sql)).flatten();
        found.map_or(Ok(()), |what| Err(NotRun::ReachesOut { what }))
    }

    /// Sees to it that a role exists, which SQL may then name. Only the embedded engine makes one;
    /// a server's roles are its cluster's.
    pub async fn ensure_role(&self, name: &Ident) -> Result<(), ScratchError> {
        let known = "SELECT FROM pg_catalog.pg_roles WHERE rolname = $1";
        if self.query_opt(known, &[&name.as_str()]).await?.is_some() {
            return Ok(());
        }
        match self.hold {
            Hold::Embedded(_) => Ok(self.batch_execute(&format!("CREATE ROLE {name}")).await?),
            Hold::Server(_) | Hold::Copy(_) => {
                Err(ScratchError::MissingRole { name: name.clone() })
            }
        }
    }

    /// Ends the session and removes the database. Merely dropping it does the same, but blocks.
    pub async fn close(self) {
        self.connection.close().await;
        if let Reach::Fenced(fence) = self.reach {
            fence.close().await;
        }
        match self.hold {
            Hold::Embedded(it) => it.close().await,
            Hold::Server(it) => it.close().await,
            Hold::Copy(_) => {}
        }
    }
}

impl Deref for ScratchDatabase {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.connection
    }
}

impl DerefMut for ScratchDatabase {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.connection
    }
}

/// Why a scratch database did not run SQL.
#[derive(Debug, thiserror::Error)]
pub enum NotRun {
    /// The server refused.
    #[error("{}", database_message(.0))]
    Refused(#[from] tokio_postgres::Error),
    /// The server refused it to a role that has no privileges but to its database.
    #[error("{}", database_message(.0))]
    Fenced(tokio_postgres::Error),
    /// It would reach beyond the database, with the privileges of the user's role.
    #[error("{what} affects more than the scratch database")]
    ReachesOut {
        /// The words that do.
        what: String,
    },
}

impl NotRun {
    /// The role that it names and nobody made.
    #[must_use]
    pub fn missing_role(&self) -> Option<Ident> {
        match self {
            Self::Refused(it) | Self::Fenced(it) => missing_role(it),
            Self::ReachesOut { .. } => None,
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Refused(_) => None,
            Self::Fenced(_) => Some(
                "on a server, files run as a role with privileges in its scratch database only; \
                 what only superusers may do needs the embedded engine, or --dev-disposable if the \
                 server is disposable",
            ),
            Self::ReachesOut { .. } => Some(
                "give a role that may create roles, so that files can run as one without \
                 privileges; or --dev-disposable if the server is disposable",
            ),
        }
    }
}

/// Why there is no scratch database.
#[derive(Debug, thiserror::Error)]
pub enum ScratchError {
    /// Built without it.
    #[error("this aludel was built without the embedded PostgreSQL")]
    NoEmbeddedEngine,
    /// It did not start.
    #[error("cannot start the embedded PostgreSQL: {reason}")]
    EmbeddedEngine {
        /// What it said.
        reason: String,
    },
    /// It has to unpack itself somewhere.
    #[error("cannot write to `{}`, where the embedded PostgreSQL is unpacked: {source}", .path.display())]
    CacheDirectory {
        /// Where.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A persistent database is open elsewhere.
    #[error("another aludel process is using `{}`", .path.display())]
    Busy {
        /// Its folder.
        path: PathBuf,
    },
    /// An extension that is not to be had.
    #[error("extension `{name}` is not available on {place}")]
    MissingExtension {
        /// Its name.
        name: String,
        /// Which engine.
        place: String,
    },
    /// A role that the server does not have.
    #[error("role `{name}` does not exist on the scratch server")]
    MissingRole {
        /// Its name.
        name: Ident,
    },
    /// No connection.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// No random numbers for names and passwords.
    #[error("cannot get random numbers from the operating system: {reason}")]
    Random {
        /// What it said.
        reason: String,
    },
    /// The role of a scratch database is not let in.
    #[error("the role that runs files on {place} cannot log in: {source}")]
    NoLogin {
        /// The server.
        place: String,
        /// Why not.
        source: ConnectError,
    },
    /// A role without CREATEDB.
    #[error("user `{user}` may not create databases on {address}")]
    NoCreateDatabase {
        /// The role.
        user: String,
        /// The server.
        address: String,
    },
    /// The engine said no.
    #[error("error in the scratch database: {}", database_message(.0))]
    Refused(#[from] tokio_postgres::Error),
    /// It was not even asked, or refused what it is asked before every file.
    #[error("error in the scratch database: {0}")]
    NotRun(#[from] NotRun),
}

impl ScratchError {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::NoEmbeddedEngine => {
                "give a server with --dev-url, or build with the cargo feature `embedded`"
            }
            Self::EmbeddedEngine { .. } => {
                "or use a server: --url postgres://… for the database itself, --dev-url \
                 postgres://… for scratch databases"
            }
            Self::CacheDirectory { .. } => "set another directory in XDG_CACHE_HOME",
            Self::Busy { .. } => {
                "wait until it has finished; the embedded PostgreSQL allows only \
                                  one connection"
            }
            Self::MissingExtension { .. } => {
                "give a server that has the extension: --dev-url postgres://…, or --dev-url target"
            }
            Self::MissingRole { .. } => "create the role there, or remove --dev-url",
            Self::NoCreateDatabase { user, .. } => {
                return Some(format!("ALTER ROLE {} CREATEDB", Ident::new(user.as_str())));
            }
            Self::Connect(it) => return it.hint(),
            Self::NoLogin { .. } => {
                "allow roles aludel_scratch_… to log in with a password (pg_hba.conf), or give \
                 --dev-disposable if the server is disposable"
            }
            Self::Random { .. } | Self::Refused(_) => return None,
            Self::NotRun(it) => return it.hint().map(str::to_owned),
        };
        Some(hint.to_owned())
    }
}

fn database_message(error: &tokio_postgres::Error) -> String {
    error.as_db_error().map_or_else(|| error.to_string(), |it| it.message().to_owned())
}
