//! Turns sources into snapshots: reads files, fills scratch databases, reads live databases.
//!
//! In: [`Settings`] and a [`Source`]. Out: [`Loaded`] snapshots, and [`Comparison`]s of two of
//! them. The scratch engine is started only when it is needed, and its results are cached.

mod activity;
mod bare;
mod between;
pub mod compare;
pub mod declare;
pub mod error;
mod excerpt;
mod files;
mod history;
mod kept;
mod last;
mod mention;
mod new_columns;
mod proofs;
mod provide;
pub mod replay;
mod reprint;
mod roundtrip;
pub mod rows;
pub mod settle;
pub mod site;
pub mod source;
pub mod watch;
mod web;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use tokio::sync::OnceCell;

use crate::catalog::{self, NEWEST_TESTED, Scope};
use crate::config::{DatabasePlace, DatabaseSettings, DevDatabase, FILE_NAME, Settings};
use crate::connection::surroundings::Process;
use crate::connection::{Address, ConnectError, Connection, Notices, connect, ignore_notices};
use crate::diagnostic::SourceFile;
use crate::diff::privileges::declares_privileges;
use crate::diff::{attached, not_nulls};
use crate::model::Schema;
use crate::model::declared::Hints;
use crate::model::ident::Ident;
use crate::model::provided::Provided;
use crate::model::search_path::SearchPath;
use crate::model::snapshot::Snapshot;
use crate::revision::SqlFile;
use crate::revision::file::TransactionMode;
use crate::revision::graph::Graph;
use crate::revision::id::RevisionId;
use crate::revision::target::Target;
use crate::runner::statements;
use crate::schema_toml::{self, Declaration};
use crate::scratch::cache::{Cache, user_folder};
use crate::scratch::embedded::{Persistent, persistent};
use crate::scratch::extensions::created_in;
use crate::scratch::{Engine, EngineChoice, ScratchDatabase};
use crate::sql_text::ScriptStatement;

pub use crate::plan::comparison::{Comparison, Sides};
pub use activity::Activity;
use activity::Doing;
pub use declare::{Declared, fresh};
pub use error::{Refusal, WorkspaceError};
pub use files::declaration_files;
pub use history::Built;
pub use replay::Omitted;
use replay::{SourceScript, Surroundings};
pub use roundtrip::{Fault, Tried, Trust, Unsteady};
pub use site::Site;
pub use source::Source;

/// How long to wait for another aludel that has the embedded database open.
const PATIENCE: Duration = Duration::from_secs(10);

/// What else it depends on: raised when the same text becomes another snapshot than before.
const SNAPSHOTS: &str = "4";

/// A project: its settings, its scratch engine, its cache.
pub struct Workspace {
    settings: Settings,
    engine: OnceCell<Engine>,
    /// Under which name what the engine says is kept.
    engine_name: OnceCell<String>,
    cache: Cache,
    /// The major version of a server that is newer than what was tested.
    untested: OnceLock<u32>,
    /// The file that says what is provided.
    declaration: PathBuf,
    provided: OnceLock<Provided>,
    activity: Activity,
}

/// A source that has become a snapshot.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The snapshot.
    pub snapshot: Snapshot,
    /// What the declaration says beside its objects.
    pub hints: Hints,
    /// The declaration itself, where the source is one.
    pub declared: Option<Declared>,
    /// Whether every text is as the scratch engine prints it each time.
    pub settled: bool,
    /// Whether it was read from a database, in which others may have objects, too.
    pub live: bool,
    /// Whether what it says of privileges counts.
    pub privileges: bool,
    /// What was left out of a source of SQL.
    pub omitted: Omitted,
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

impl Workspace {
    /// A project in the current folder, with its declaration in a file that need not exist.
    #[must_use]
    pub fn new(settings: Settings, declaration: impl Into<PathBuf>) -> Self {
        let declaration = declaration.into();
        Self {
            cache: Cache::new(cache_folder(&settings, &declaration)),
            settings,
            engine: OnceCell::new(),
            engine_name: OnceCell::new(),
            untested: OnceLock::new(),
            declaration,
            provided: OnceLock::new(),
            activity: Activity::new(),
        }
    }

    /// The same, with what an engine said kept in another folder.
    #[must_use]
    pub fn keeping_in(self, cache: impl Into<PathBuf>) -> Self {
        Self { cache: Cache::new(cache), ..self }
    }

    /// What there is to say about a server that was connected to, if it is newer than what was
    /// tested.
    #[must_use]
    pub fn untested_server(&self) -> Option<String> {
        self.untested.get().copied().and_then(catalog::untested)
    }

    /// What there is to say about scratch databases that nothing fences in.
    #[must_use]
    pub fn unfenced(&self) -> Option<String> {
        self.engine.get().and_then(Engine::unfenced)
    }

    /// What is being done at the moment.
    #[must_use]
    pub fn activity(&self) -> &Activity {
        &self.activity
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

    /// What was meant by file, environment and arguments.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The database to work on.
    #[must_use]
    pub fn database(&self) -> &DatabaseSettings {
        // `Settings` promises at least one.
        &self.settings.databases[0]
    }

    /// Where names are looked for that people write without a schema.
    #[must_use]
    pub fn search_path(&self) -> &SearchPath {
        &self.database().search_path.value
    }

    /// The namespace of the ledger.
    #[must_use]
    pub fn ledger_namespace(&self) -> Ident {
        Ident::new(self.settings.migrations.ledger_schema.as_str())
    }

    /// Makes a source a snapshot.
    ///
    /// # Errors
    /// Everything that is wrong with the source.
    pub async fn load(&self, source: &Source) -> Result<Loaded, WorkspaceError> {
        match source {
            Source::Empty => Ok(Loaded::plain(self.nothing().await?)),
            Source::Declaration(path) => self.declaration(&read_declaration(path)?).await,
            Source::History { folder, at } => {
                let graph =
                    crate::revision_files::load(&[folder]).map_err(WorkspaceError::Revisions)?;
                let ends: Vec<RevisionId> = match at {
                    Some(text) => graph.find(&Target::parse(text)?, None)?,
                    None => graph.heads().into_iter().cloned().collect(),
                };
                self.history(&graph, &ends).await
            }
            Source::Sql(path) => self.sql(path).await,
            Source::Server(text) => {
                let address = Address::parse(text, &Process)?;
                let mut connection = self.open(&address, ignore_notices()).await?;
                let _doing = self.activity.begin(format!("reading the catalog of {address}"));
                let snapshot = catalog::introspect(&mut connection, &self.scope()).await;
                connection.close().await;
                Ok(Loaded::live(snapshot?))
            }
            Source::Live => {
                let mut database = self.connect(ignore_notices()).await?;
                let _doing = self.activity.begin("reading the catalog of the database");
                let snapshot = catalog::introspect(&mut database.connection, &self.scope()).await;
                database.close().await;
                Ok(Loaded::live(snapshot?))
            }
        }
    }

    /// What is read of a database, live or scratch: the namespaces that the settings name, else all.
    #[must_use]
    pub fn scope(&self) -> Scope {
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

    /// Connects to the configured database.
    ///
    /// # Errors
    /// When it does not answer, or another aludel has the embedded one open for too long.
    pub async fn connect(&self, notices: Notices) -> Result<Database, WorkspaceError> {
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

    /// Reads the revisions.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub fn graph(&self) -> Result<Graph, WorkspaceError> {
        let folders = &self.settings.migrations.directories.value;
        crate::revision_files::load(folders).map_err(WorkspaceError::Revisions)
    }

    /// Puts a declaration to PostgreSQL.
    ///
    /// # Errors
    /// Every object that it refuses, at its place in the declaration.
    pub async fn declaration(&self, declared: &Declared) -> Result<Loaded, WorkspaceError> {
        self.check_scope(declared)?;
        self.identify().await?;
        let key = self.declaration_key(declared);
        let snapshot = match key.as_ref().and_then(|it| self.cache.get(it)) {
            Some(snapshot) => snapshot,
            None => {
                let snapshot = self.created(declared).await?;
                self.keep(key.as_ref(), &snapshot);
                self.note_last(declared);
                snapshot
            }
        };
        let hints = declared.declaration.hints.clone();
        let privileges = declares_privileges(&declared.declaration.schema);
        let declared = Some(declared.clone());
        Ok(Loaded { hints, declared, settled: true, privileges, ..Loaded::plain(snapshot) })
    }

    /// Puts a whole declaration to PostgreSQL, whatever is known of it or of the one before.
    ///
    /// # Errors
    /// As [`Workspace::declaration`].
    pub async fn declaration_anew(&self, declared: &Declared) -> Result<Schema, WorkspaceError> {
        self.check_scope(declared)?;
        self.identify().await?;
        let snapshot = completed(declared, self.create(declared).await?)?;
        self.keep(self.declaration_key(declared).as_ref(), &snapshot);
        self.note_last(declared);
        Ok(snapshot.schema)
    }

    /// What the engine makes of a declaration, and what it does not keep of it.
    async fn created(&self, declared: &Declared) -> Result<Snapshot, WorkspaceError> {
        let snapshot = match self.created_from_last(declared).await? {
            Some(snapshot) => snapshot,
            None => self.create(declared).await?,
        };
        completed(declared, snapshot)
    }

    async fn create(&self, declared: &Declared) -> Result<Snapshot, WorkspaceError> {
        let Declaration { schema: wanted, provided, .. } = &declared.declaration;
        let mut database = self.scratch(declare::extensions(wanted), provided).await?;
        let doing = self.activity.begin("creating the declaration in a scratch database");
        let created = declare::create(&database, wanted, provided, self.search_path()).await;
        let snapshot = self.settled(&mut database, wanted, created.is_ok()).await;
        drop(doing);
        database.close().await;
        if let Err(refused) = created {
            let diagnostics = declare::diagnose(&declared.declaration, refused);
            return Err(WorkspaceError::Declaration { diagnostics, files: declared.files.clone() });
        }
        snapshot
    }

    /// Reads back what was created from a schema, with every text where it stays.
    async fn settled(
        &self,
        database: &mut ScratchDatabase,
        written: &Schema,
        wanted: bool,
    ) -> Result<Snapshot, WorkspaceError> {
        let mut snapshot = self.read_back(database, wanted).await?;
        if wanted {
            settle::settle(database, written, &mut snapshot.schema).await?;
        }
        Ok(snapshot)
    }

    /// What is declared has to be among what is looked at, or no revision would ever have it.
    fn check_scope(&self, declared: &Declared) -> Result<(), WorkspaceError> {
        let diagnostics = declare::out_of_scope(&declared.declaration, &self.scope());
        if diagnostics.is_empty() {
            return Ok(());
        }
        Err(WorkspaceError::Declaration { diagnostics, files: declared.files.clone() })
    }

    /// The objects of a declaration, as [`Workspace::declaration`] has them.
    ///
    /// # Errors
    /// As there.
    pub async fn declaration_schema(&self, declared: &Declared) -> Result<Schema, WorkspaceError> {
        self.check_scope(declared)?;
        self.identify().await?;
        match self.kept_schema(self.declaration_key(declared)).await {
            Some(schema) => Ok(schema),
            None => Ok(self.declaration(declared).await?.snapshot.schema),
        }
    }

    async fn sql(&self, path: &Path) -> Result<Loaded, WorkspaceError> {
        let file = replay::read(path)?;
        let SourceScript { statements, omitted } = replay::statements(&file)?;
        let (database, snapshot) = self.run_files(&[(&file, statements)], Vec::new()).await?;
        database.close().await;
        Ok(Loaded { omitted, ..Loaded::plain(snapshot) })
    }

    pub(super) fn trying(&self, file: &SqlFile) -> Doing<'_> {
        self.activity.begin(format!("running {} in a scratch database", file.path.display()))
    }

    async fn run_files(
        &self,
        files: &[(&SqlFile, Vec<ScriptStatement>)],
        mut extensions: Vec<String>,
    ) -> Result<(ScratchDatabase, Snapshot), WorkspaceError> {
        extensions.extend(files.iter().flat_map(|(file, _)| created_in(&file.text)));
        let mut database = self.scratch(extensions, self.provided()).await?;
        let mut done = Ok(());
        for (file, statements) in files {
            let _doing = self.trying(file);
            done = replay::run(&database, file, statements, &self.surroundings()).await;
            if done.is_err() {
                break;
            }
        }
        let snapshot = self.read_back(&mut database, done.is_ok()).await;
        match done.and(snapshot) {
            Ok(mut snapshot) => {
                declare::wanted_versions(&mut snapshot.schema, None);
                Ok((database, snapshot))
            }
            Err(error) => {
                database.close().await;
                Err(error)
            }
        }
    }

    /// Runs one file in a scratch database and reads what it has become.
    ///
    /// # Errors
    /// A statement that the database refuses.
    pub async fn try_file(
        &self,
        database: &mut ScratchDatabase,
        file: &SqlFile,
    ) -> Result<Snapshot, WorkspaceError> {
        let doing = self.trying(file);
        let statements = statements(file, TransactionMode::Usual)?;
        replay::run(database, file, &statements, &self.surroundings()).await?;
        drop(doing);
        let mut snapshot = self.read_back(database, true).await?;
        declare::wanted_versions(&mut snapshot.schema, None);
        Ok(snapshot)
    }

    fn engine_choice(&self) -> EngineChoice {
        match (&self.settings.dev.value, &self.database().place.value) {
            (DevDatabase::Server(address), _) => EngineChoice::Server((**address).clone()),
            (DevDatabase::Disposable(address), _) => EngineChoice::Disposable((**address).clone()),
            (DevDatabase::Target, DatabasePlace::Server(address)) => {
                EngineChoice::Target((**address).clone())
            }
            (DevDatabase::Target, DatabasePlace::Embedded(_)) | (DevDatabase::Embedded, _) => {
                EngineChoice::Embedded
            }
        }
    }

    fn own_cluster(&self) -> bool {
        self.engine_choice() == EngineChoice::Embedded
    }

    fn surroundings(&self) -> Surroundings<'_> {
        let role = match (&self.settings.dev.value, &self.database().place.value) {
            (DevDatabase::Server(it) | DevDatabase::Disposable(it), _)
            | (DevDatabase::Target, DatabasePlace::Server(it)) => it.user.as_str(),
            (DevDatabase::Target, DatabasePlace::Embedded(_)) | (DevDatabase::Embedded, _) => "",
        };
        let (own_cluster, provided) = (self.own_cluster(), self.provided());
        Surroundings { own_cluster, role, provided, path: self.search_path() }
    }

    async fn read_back(
        &self,
        database: &mut ScratchDatabase,
        wanted: bool,
    ) -> Result<Snapshot, WorkspaceError> {
        if !wanted {
            return Ok(Snapshot::default());
        }
        Ok(catalog::introspect(database, &self.scope()).await?)
    }
}

impl Loaded {
    /// A snapshot of which nothing else is known.
    #[must_use]
    pub fn plain(snapshot: Snapshot) -> Self {
        let hints = Hints::default();
        Self {
            snapshot,
            hints,
            declared: None,
            settled: false,
            live: false,
            privileges: false,
            omitted: Omitted::default(),
        }
    }

    /// A snapshot of a database.
    #[must_use]
    pub fn live(snapshot: Snapshot) -> Self {
        Self { live: true, ..Self::plain(snapshot) }
    }
}

/// Reads a declaration with the files that it includes.
///
/// # Errors
/// Every mistake in them.
pub fn read_declaration(path: &Path) -> Result<Declared, WorkspaceError> {
    understand(declaration_files(path)?)
}

/// What the texts of a declaration declare.
///
/// # Errors
/// Every mistake in them.
pub fn understand(files: Vec<SourceFile>) -> Result<Declared, WorkspaceError> {
    match schema_toml::parse(&files) {
        Ok(declaration) => Ok(Declared { declaration, files }),
        Err(diagnostics) => Err(WorkspaceError::Declaration { diagnostics, files }),
    }
}

/// What an engine made of a declaration, with what it does not keep of it.
fn completed(declared: &Declared, mut snapshot: Snapshot) -> Result<Snapshot, WorkspaceError> {
    let unmade = declare::unmade(&declared.declaration, &snapshot.schema);
    if !unmade.is_empty() {
        let files = declared.files.clone();
        return Err(WorkspaceError::Declaration { diagnostics: unmade, files });
    }
    let wanted = &declared.declaration.schema;
    declare::wanted_versions(&mut snapshot.schema, Some(wanted));
    not_nulls::carry_over(&mut snapshot.schema, wanted);
    attached::carry_over(&mut snapshot.schema, wanted);
    Ok(snapshot)
}

/// Where snapshots are kept: in the project, or for a command outside of any in the user's folder for
/// such things, so that nothing is left behind.
fn cache_folder(settings: &Settings, declaration: &Path) -> PathBuf {
    let revisions = settings.migrations.directories.value.iter().map(PathBuf::as_path);
    let marks = [Path::new(".aludel"), Path::new(FILE_NAME), declaration];
    let is_project = marks.into_iter().chain(revisions).any(Path::exists);
    let user = user_folder().filter(|_| !is_project);
    user.map_or_else(|| PathBuf::from(".aludel/cache"), |it| it.join("aludel"))
}

fn texts(files: &[SourceFile]) -> impl Iterator<Item = &str> {
    files.iter().map(|it| it.text.as_str())
}

/// Does what takes a processor rather than waits, while others wait for a server.
///
/// # Panics
/// Where the work does.
pub async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}
