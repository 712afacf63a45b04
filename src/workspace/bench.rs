//! The scratch bench: the engine of a project, and its scratch databases with files run in them.

use std::sync::Arc;

use tokio::sync::OnceCell;

use crate::catalog;
use crate::config::{DatabasePlace, DevDatabase};
use crate::model::Schema;
use crate::model::ident::Ident;
use crate::model::provided::Provided;
use crate::model::search_path::SearchPath;
use crate::model::snapshot::Snapshot;
use crate::revision::SqlFile;
use crate::revision::file::TransactionMode;
use crate::runner::statements;
use crate::scratch::embedded::EXTENSIONS;
use crate::scratch::extensions::created_in;
use crate::scratch::{
    DatabaseSpec, EMBEDDED_ENGINE, Engine, EngineChoice, ScratchDatabase, ScratchError,
};
use crate::sql_text::ScriptStatement;

use super::activity::Doing;
use super::declare::{self, fresh};
use super::error::WorkspaceError;
use super::provide;
use super::replay::{self, Surroundings};
use super::settle;
use super::sources::Sources;

/// An engine, started when the first scratch database is needed.
pub(super) struct Bench {
    pub(super) sources: Arc<Sources>,
    engine: OnceCell<Engine>,
}

impl Bench {
    pub(super) fn new(sources: Arc<Sources>) -> Self {
        Self { sources, engine: OnceCell::new() }
    }

    /// Opens a fresh scratch database that has what is provided.
    pub(super) async fn scratch(
        &self,
        mut names: Vec<String>,
        provided: &Provided,
    ) -> Result<ScratchDatabase, WorkspaceError> {
        let _doing = self.sources.activity.begin("creating a scratch database");
        let engine = self.engine().await?;
        names.extend(declare::extensions(&provided.objects));
        let database = engine.database(&DatabaseSpec { extensions: names }).await?;
        let filled = match provide::fill(&database, provided).await {
            Ok(()) => self.pin_path(&database).await,
            Err(error) => Err(error),
        };
        match filled {
            Ok(()) => Ok(database),
            Err(error) => {
                database.close().await;
                Err(error)
            }
        }
    }

    async fn engine(&self) -> Result<&Engine, ScratchError> {
        self.engine.get_or_try_init(|| Engine::start(self.engine_choice())).await
    }

    /// The name of the engine, with everything that can change what it prints.
    pub(super) async fn engine_name(&self) -> Result<String, WorkspaceError> {
        if self.own_cluster() {
            return Ok(EMBEDDED_ENGINE.to_owned());
        }
        Ok(self.engine().await?.name().await?)
    }

    /// The warning about scratch databases that no role of their own separates from the others.
    pub(super) fn unfenced(&self) -> Option<String> {
        self.engine.get().and_then(Engine::unfenced)
    }

    /// Whether a scratch database can have an extension that nobody asked for.
    pub(super) fn can_create_extension(&self, name: &Ident) -> bool {
        self.own_cluster() && EXTENSIONS.contains(&name.as_str())
    }

    /// Sets the search_path of the project.
    pub(super) async fn pin_path(&self, database: &ScratchDatabase) -> Result<(), WorkspaceError> {
        let path = self.sources.search_path();
        if *path == SearchPath::default() {
            return Ok(());
        }
        let set = database.run(&format!("SET search_path TO {path}")).await;
        Ok(set.map_err(ScratchError::from)?)
    }

    /// What a database has before the first revision: a fresh one with what is provided.
    pub(super) async fn nothing(&self) -> Result<Snapshot, WorkspaceError> {
        if self.sources.provided().objects.is_empty() {
            return Ok(self.blank());
        }
        let mut database = self.scratch(Vec::new(), self.sources.provided()).await?;
        let snapshot = self.read_back(&mut database, true).await;
        database.close().await;
        let mut snapshot = snapshot?;
        declare::wanted_versions(&mut snapshot.schema, None);
        Ok(snapshot)
    }

    /// What a fresh database has, as far as it is looked at.
    fn blank(&self) -> Snapshot {
        let mut snapshot = fresh();
        let scope = self.sources.scope();
        snapshot.schema.retain(|id, _| scope.leaves_out(id).is_none());
        snapshot
    }

    /// Runs files in a new scratch database and reads what they have built.
    pub(super) async fn run_files(
        &self,
        files: &[(&SqlFile, Vec<ScriptStatement>)],
        mut extensions: Vec<String>,
    ) -> Result<(ScratchDatabase, Snapshot), WorkspaceError> {
        extensions.extend(files.iter().flat_map(|(file, _)| created_in(&file.text)));
        let mut database = self.scratch(extensions, self.sources.provided()).await?;
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
    pub(super) async fn try_file(
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

    pub(super) fn trying(&self, file: &SqlFile) -> Doing<'_> {
        let what = format!("running {} in a scratch database", file.path.display());
        self.sources.activity.begin(what)
    }

    /// The catalog of a scratch database, if it is wanted at all.
    pub(super) async fn read_back(
        &self,
        database: &mut ScratchDatabase,
        wanted: bool,
    ) -> Result<Snapshot, WorkspaceError> {
        if !wanted {
            return Ok(Snapshot::default());
        }
        Ok(catalog::introspect(database, &self.sources.scope()).await?)
    }

    /// Reads back what was created from a schema, with every text where it stays.
    pub(super) async fn settled(
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

    fn engine_choice(&self) -> EngineChoice {
        match self.places() {
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

    pub(super) fn surroundings(&self) -> Surroundings<'_> {
        let role = match self.places() {
            (DevDatabase::Server(it) | DevDatabase::Disposable(it), _)
            | (DevDatabase::Target, DatabasePlace::Server(it)) => it.user.as_str(),
            (DevDatabase::Target, DatabasePlace::Embedded(_)) | (DevDatabase::Embedded, _) => "",
        };
        let (own_cluster, provided) = (self.own_cluster(), self.sources.provided());
        Surroundings { own_cluster, role, provided, path: self.sources.search_path() }
    }

    /// Where scratch databases should be, and where the database itself is.
    fn places(&self) -> (&DevDatabase, &DatabasePlace) {
        (&self.sources.settings.dev.value, &self.sources.database().place.value)
    }
}
