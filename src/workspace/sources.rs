//! What a project is read from: its settings, its declaration, its revisions, and live databases.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::Duration;

use crate::catalog::{self, NEWEST_TESTED, Scope};
use crate::config::{DatabasePlace, DatabaseSettings, Settings};
use crate::connection::surroundings::Process;
use crate::connection::{Address, ConnectError, Connection, Notices, connect, ignore_notices};
use crate::model::Schema;
use crate::model::ident::Ident;
use crate::model::provided::Provided;
use crate::model::search_path::SearchPath;
use crate::model::snapshot::Snapshot;
use crate::revision::graph::Graph;
use crate::schema_toml;
use crate::scratch::embedded::{Persistent, persistent};

use super::activity::Activity;
use super::error::WorkspaceError;
use super::files::{declaration_files, read_declaration};

/// How long to wait for another aludel that has the embedded database open.
const PATIENCE: Duration = Duration::from_secs(10);

/// Files and live databases of a project. Nothing here needs a scratch database.
pub(super) struct Sources {
    pub(super) settings: Settings,
    /// The path of schema.toml, which need not exist.
    declaration: PathBuf,
    provided: OnceLock<Provided>,
    /// The major version of a server that is newer than what was tested.
    untested: OnceLock<u32>,
    pub(super) activity: Activity,
}

/// A connection to a database, which may be the embedded one.
pub struct Database {
    /// The session.
    pub connection: Connection,
    persistent: Option<Persistent>,
}

impl Database {
    /// Whether it runs inside this process and so takes one connection only.
    #[must_use]
    pub fn is_embedded(&self) -> bool {
        self.persistent.is_some()
    }

    /// Ends the session, and the engine with it.
    pub async fn close(self) {
        self.connection.close().await;
        if let Some(persistent) = self.persistent {
            persistent.close().await;
        }
    }
}

impl Sources {
    pub(super) fn new(settings: Settings, declaration: PathBuf) -> Self {
        Self {
            settings,
            declaration,
            provided: OnceLock::new(),
            untested: OnceLock::new(),
            activity: Activity::new(),
        }
    }

    /// The database to work on.
    pub(super) fn database(&self) -> &DatabaseSettings {
        // `Settings` promises at least one.
        &self.settings.databases[0]
    }

    /// Where names are looked for that people write without a schema.
    pub(super) fn search_path(&self) -> &SearchPath {
        &self.database().search_path.value
    }

    /// The namespace of the ledger.
    pub(super) fn ledger_namespace(&self) -> Ident {
        Ident::new(self.settings.migrations.ledger_schema.as_str())
    }

    /// The schemas that the settings name, which are managed whoever owns them.
    pub(super) fn named_namespaces(&self) -> BTreeSet<Ident> {
        let named = self.database().namespaces.iter().flat_map(|it| it.iter());
        named.map(|it| Ident::new(it.as_str())).collect()
    }

    /// What is read of a database, live or scratch: the namespaces that the settings name, else all.
    pub(super) fn scope(&self) -> Scope {
        let database = self.database();
        // What is provided is looked for wherever it is.
        let namespaces = database.namespaces.as_ref().map(|names| {
            let named = names.iter().map(|it| Ident::new(it.as_str()));
            named.chain(self.provided().namespaces()).collect()
        });
        Scope {
            namespaces,
            exclude: database.exclude.value.clone(),
            include: database.include.value.clone(),
            ledger_namespace: self.ledger_namespace(),
        }
    }

    /// What the database has before any revision runs, as schema.toml says it. Mistakes in that file
    /// are reported where it is needed as a whole.
    pub(super) fn provided(&self) -> &Provided {
        self.provided.get_or_init(|| {
            let files = declaration_files(&self.declaration).unwrap_or_default();
            schema_toml::provided(&files)
        })
    }

    /// Sets what is provided, unless it was read from the file before.
    pub(super) fn provide(&self, provided: Provided) {
        let _ = self.provided.set(provided);
    }

    /// The objects of schema.toml, if there is one without mistakes.
    pub(super) fn declared_schema(&self) -> Option<Schema> {
        let declared = read_declaration(&self.declaration).ok()?;
        Some(declared.declaration.schema)
    }

    /// Reads the revisions.
    pub(super) fn graph(&self) -> Result<Graph, WorkspaceError> {
        let folders = &self.settings.migrations.directories.value;
        crate::revision_files::load(folders).map_err(WorkspaceError::Revisions)
    }

    /// Connects to the configured database.
    pub(super) async fn connect(&self, notices: Notices) -> Result<Database, WorkspaceError> {
        match &self.database().place.value {
            DatabasePlace::Server(address) => {
                Ok(Database { connection: self.open(address, notices).await?, persistent: None })
            }
            DatabasePlace::Embedded(path) => {
                let what = format!("opening the embedded database in {}", path.display());
                let _doing = self.activity.begin(what);
                let persistent = persistent(path, PATIENCE).await?;
                match persistent.connect(notices).await {
                    Ok(connection) => Ok(Database { connection, persistent: Some(persistent) }),
                    Err(error) => {
                        persistent.close().await;
                        Err(error.into())
                    }
                }
            }
        }
    }

    /// The catalog of the configured database.
    pub(super) async fn live(&self) -> Result<Snapshot, WorkspaceError> {
        let mut database = self.connect(ignore_notices()).await?;
        let _doing = self.activity.begin("reading the catalog of the database");
        let snapshot = catalog::introspect(&mut database.connection, &self.scope()).await;
        database.close().await;
        Ok(snapshot?)
    }

    /// The catalog of any server, by URL or connection string.
    pub(super) async fn server(&self, text: &str) -> Result<Snapshot, WorkspaceError> {
        let address = Address::parse(text, &Process)?;
        let mut connection = self.open(&address, ignore_notices()).await?;
        let _doing = self.activity.begin(format!("reading the catalog of {address}"));
        let snapshot = catalog::introspect(&mut connection, &self.scope()).await;
        connection.close().await;
        Ok(snapshot?)
    }

    /// Opens a session, and notes a server that is newer than what was tested.
    async fn open(&self, address: &Address, notices: Notices) -> Result<Connection, ConnectError> {
        let _doing = self.activity.begin(format!("connecting to {address}"));
        let connection = connect(address, notices).await?;
        if let Some(version) = connection.major_version().filter(|it| *it > NEWEST_TESTED) {
            self.untested.get_or_init(|| version);
        }
        Ok(connection)
    }

    /// The warning about a server that is newer than what was tested.
    pub(super) fn untested_server(&self) -> Option<String> {
        self.untested.get().copied().and_then(catalog::untested)
    }
}
