//! Turns sources into snapshots: reads files, fills scratch databases, reads live databases.
//!
//! In: [`Settings`] and a [`Source`]. Out: [`Loaded`] snapshots, and [`Comparison`]s of two of
//! them. A [`Workspace`] has three parts: `Sources` reads files and live databases, `Bench` is the
//! scratch engine, started when it is needed, and `Kept` is the cache of its results.

mod activity;
mod bare;
mod bench;
mod between;
pub mod compare;
mod declaration;
pub mod declare;
pub mod error;
mod excerpt;
mod files;
mod history;
mod kept;
mod last;
mod loaded;
pub mod losses;
mod mention;
mod new_columns;
mod proofs;
mod provide;
pub mod replay;
mod reprint;
pub mod review;
mod roundtrip;
pub mod rows;
pub mod settle;
pub mod site;
pub mod source;
mod sources;
pub mod watch;
mod web;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::catalog::Scope;
use crate::config::{DatabaseSettings, Settings};
use crate::connection::Notices;
use crate::diagnostic::SourceFile;
use crate::model::Schema;
use crate::model::ident::Ident;
use crate::model::provided::Provided;
use crate::model::search_path::SearchPath;
use crate::model::snapshot::Snapshot;
use crate::revision::SqlFile;
use crate::revision::graph::Graph;
use crate::revision::id::RevisionId;
use crate::revision::target::Target;
use crate::scratch::ScratchDatabase;

pub use crate::plan::comparison::{Comparison, Sides};
pub use activity::Activity;
use bench::Bench;
pub use declare::{Declared, fresh};
pub use error::{Refusal, WorkspaceError};
pub use files::{declaration_files, read_declaration, understand};
pub use history::Built;
use kept::{Kept, cache_folder};
pub use loaded::Loaded;
pub use replay::Omitted;
use replay::SourceScript;
pub use roundtrip::{Fault, Tried, Trust, Unsteady};
pub use site::Site;
pub use source::Source;
pub use sources::Database;
use sources::Sources;

/// A project: its sources, its scratch bench, and the cache.
pub struct Workspace {
    sources: Arc<Sources>,
    bench: Bench,
    kept: Kept,
}

impl Workspace {
    /// A project in the current folder, with its declaration in a file that need not exist.
    #[must_use]
    pub fn new(settings: Settings, declaration: impl Into<PathBuf>) -> Self {
        let declaration = declaration.into();
        let cache = cache_folder(&settings, &declaration);
        let sources = Arc::new(Sources::new(settings, declaration));
        let bench = Bench::new(Arc::clone(&sources));
        let kept = Kept::new(Arc::clone(&sources), cache);
        Self { sources, bench, kept }
    }

    /// The same, with what an engine said kept in another folder.
    #[must_use]
    pub fn keeping_in(self, cache: impl Into<PathBuf>) -> Self {
        Self { kept: Kept::new(Arc::clone(&self.sources), cache), ..self }
    }

    /// Makes a source a snapshot.
    ///
    /// # Errors
    /// Everything that is wrong with the source.
    pub async fn load(&self, source: &Source) -> Result<Loaded, WorkspaceError> {
        match source {
            Source::Empty => Ok(Loaded::plain(self.bench.nothing().await?)),
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
            Source::Server(text) => Ok(Loaded::live(self.sources.server(text).await?)),
            Source::Live => Ok(Loaded::live(self.sources.live().await?)),
        }
    }

    async fn sql(&self, path: &Path) -> Result<Loaded, WorkspaceError> {
        let file = replay::read(path)?;
        let SourceScript { statements, omitted } = replay::statements(&file)?;
        let (database, snapshot) = self.bench.run_files(&[(&file, statements)], Vec::new()).await?;
        database.close().await;
        Ok(Loaded { omitted, ..Loaded::plain(snapshot) })
    }
}

/// What the sources say.
impl Workspace {
    /// What was meant by file, environment and arguments.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.sources.settings
    }

    /// The database to work on.
    #[must_use]
    pub fn database(&self) -> &DatabaseSettings {
        self.sources.database()
    }

    /// Where names are looked for that people write without a schema.
    #[must_use]
    pub fn search_path(&self) -> &SearchPath {
        self.sources.search_path()
    }

    /// The namespace of the ledger.
    #[must_use]
    pub fn ledger_namespace(&self) -> Ident {
        self.sources.ledger_namespace()
    }

    /// The schemas that the settings name, which are managed whoever owns them.
    #[must_use]
    pub fn named_namespaces(&self) -> BTreeSet<Ident> {
        self.sources.named_namespaces()
    }

    /// What is read of a database, live or scratch: the namespaces that the settings name, else all.
    #[must_use]
    pub fn scope(&self) -> Scope {
        self.sources.scope()
    }

    /// What the database has before any revision runs, as schema.toml says it. Mistakes in that file
    /// are reported where it is needed as a whole.
    #[must_use]
    pub fn provided(&self) -> &Provided {
        self.sources.provided()
    }

    /// Says what the database has before any revision runs, where no file says it yet. To be called
    /// before anything is compared.
    pub fn provide(&self, provided: Provided) {
        self.sources.provide(provided);
    }

    /// The objects of schema.toml, if there is one without mistakes.
    #[must_use]
    pub fn declared_schema(&self) -> Option<Schema> {
        self.sources.declared_schema()
    }

    /// Reads the revisions.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub fn graph(&self) -> Result<Graph, WorkspaceError> {
        self.sources.graph()
    }

    /// Connects to the configured database.
    ///
    /// # Errors
    /// When it does not answer, or another aludel has the embedded one open for too long.
    pub async fn connect(&self, notices: Notices) -> Result<Database, WorkspaceError> {
        self.sources.connect(notices).await
    }

    /// What there is to say about a server that was connected to, if it is newer than what was
    /// tested.
    #[must_use]
    pub fn untested_server(&self) -> Option<String> {
        self.sources.untested_server()
    }

    /// What is being done at the moment.
    #[must_use]
    pub fn activity(&self) -> &Activity {
        &self.sources.activity
    }
}

/// The bench and the cache.
impl Workspace {
    /// Runs one file in a scratch database and reads what it has become.
    ///
    /// # Errors
    /// A statement that the database refuses.
    pub async fn try_file(
        &self,
        database: &mut ScratchDatabase,
        file: &SqlFile,
    ) -> Result<Snapshot, WorkspaceError> {
        self.bench.try_file(database, file).await
    }

    /// Whether a scratch database can have an extension that nobody asked for.
    #[must_use]
    pub fn can_create_extension(&self, name: &Ident) -> bool {
        self.bench.can_create_extension(name)
    }

    /// What there is to say about scratch databases that nothing fences in.
    #[must_use]
    pub fn unfenced(&self) -> Option<String> {
        self.bench.unfenced()
    }

    /// Learns which engine scratch databases are on. What is looked up before is not found.
    ///
    /// # Errors
    /// When a server does not answer.
    pub async fn identify(&self) -> Result<(), WorkspaceError> {
        self.kept.identify(&self.bench).await
    }

    /// Whether these files have been found to declare what these revisions build.
    #[must_use]
    pub fn agreed(&self, files: &[SourceFile], graph: &Graph, ends: &[RevisionId]) -> bool {
        self.kept.agreed(files, graph, ends)
    }

    /// Notes that these files declare what these revisions build.
    pub fn note_agreement(&self, files: &[SourceFile], graph: &Graph, ends: &[RevisionId]) {
        self.kept.note_agreement(files, graph, ends);
    }
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
