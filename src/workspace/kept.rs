//! Cached results of an engine: the key is a hash of the input and of the properties of the engine.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::OnceCell;

use crate::config::{FILE_NAME, Settings};
use crate::diagnostic::SourceFile;
use crate::model::Schema;
use crate::model::snapshot::Snapshot;
use crate::revision::graph::Graph;
use crate::revision::id::RevisionId;
use crate::scratch::cache::{Cache, CacheKey, user_folder};

use super::bench::Bench;
use super::sources::Sources;
use super::{Declared, WorkspaceError, aside, texts};

/// Part of every key: raised when the same text becomes another snapshot than before.
const SNAPSHOTS: &str = "4";

/// Results that are stored, under keys that include the name of the engine.
pub(super) struct Kept {
    pub(super) sources: Arc<Sources>,
    pub(super) cache: Cache,
    engine: OnceCell<String>,
}

impl Kept {
    pub(super) fn new(sources: Arc<Sources>, folder: impl Into<PathBuf>) -> Self {
        Self { sources, cache: Cache::new(folder), engine: OnceCell::new() }
    }

    /// Learns which engine scratch databases are on. Until then nothing is found.
    pub(super) async fn identify(&self, bench: &Bench) -> Result<(), WorkspaceError> {
        self.engine.get_or_try_init(|| bench.engine_name()).await.map(|_| ())
    }

    /// The name of the engine, once it is known.
    pub(super) fn engine(&self) -> Option<&str> {
        self.engine.get().map(String::as_str)
    }

    /// The address of a snapshot in the cache; none before it is known which engine says what it is.
    pub(super) fn key<'a>(
        &self,
        kind: &str,
        parts: impl Iterator<Item = &'a str>,
    ) -> Option<CacheKey> {
        let fixed = [kind, self.engine()?, SNAPSHOTS].map(str::to_owned);
        let all = fixed.into_iter().chain(self.sources.circumstances());
        let all: Vec<String> = all.chain(parts.map(str::to_owned)).collect();
        Some(CacheKey::new(all.iter().map(String::as_str)))
    }

    pub(super) fn declaration_key(&self, declared: &Declared) -> Option<CacheKey> {
        self.key("settled declaration", texts(&declared.files))
    }

    fn agreement_key(
        &self,
        files: &[SourceFile],
        graph: &Graph,
        ends: &[RevisionId],
    ) -> Option<CacheKey> {
        let chains = ends.iter().filter_map(|it| graph.chain(it)).map(|it| it.as_str());
        let grants = self.sources.database().grants.value;
        let kind = if grants { "agreement in all" } else { "agreement" };
        self.key(kind, texts(files).chain([""]).chain(chains))
    }

    /// The address of something about the revisions up to some of them.
    pub(super) fn graph_key(
        &self,
        kind: &str,
        graph: &Graph,
        ends: &[RevisionId],
    ) -> Option<CacheKey> {
        // Chains follow parents only, so what is depended on counts by its own.
        let before = graph.ancestors(ends);
        let chains = graph.tips(&before).filter_map(|it| graph.chain(it));
        let variables = &self.sources.settings.variables;
        let values: Vec<String> = before
            .iter()
            .filter_map(|it| graph.get(it))
            .flat_map(|it| &it.header.variables)
            .filter_map(|it| variables.get(&it.name).map(|to| (&it.name, to)))
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let parts = chains.map(|it| it.as_str()).chain(values.iter().map(String::as_str));
        self.key(kind, parts)
    }

    /// Whether these files have been found to declare what these revisions build.
    pub(super) fn agreed(&self, files: &[SourceFile], graph: &Graph, ends: &[RevisionId]) -> bool {
        self.is_marked(self.agreement_key(files, graph, ends))
    }

    /// Notes that these files declare what these revisions build.
    pub(super) fn note_agreement(&self, files: &[SourceFile], graph: &Graph, ends: &[RevisionId]) {
        self.mark(self.agreement_key(files, graph, ends));
    }

    pub(super) async fn schema(&self, key: Option<CacheKey>) -> Option<Schema> {
        let (key, cache) = (key?, self.cache.clone());
        aside(move || cache.schema(&key)).await
    }

    pub(super) fn keep(&self, key: Option<&CacheKey>, snapshot: &Snapshot) {
        if let Some(key) = key {
            // A cache that cannot be written only costs time.
            let _ = self.cache.put(key, snapshot);
        }
    }

    pub(super) fn is_marked(&self, key: Option<CacheKey>) -> bool {
        key.is_some_and(|it| self.cache.is_marked(&it))
    }

    pub(super) fn mark(&self, key: Option<CacheKey>) {
        if let Some(key) = key {
            // A cache that cannot be written only costs time.
            let _ = self.cache.mark(&key);
        }
    }
}

/// Where snapshots are kept: in the project, or for a command outside of any in the user's folder for
/// such things, so that nothing is left behind.
pub(super) fn cache_folder(settings: &Settings, declaration: &Path) -> PathBuf {
    let revisions = settings.migrations.directories.value.iter().map(PathBuf::as_path);
    let marks = [Path::new(".aludel"), Path::new(FILE_NAME), declaration];
    let is_project = marks.into_iter().chain(revisions).any(Path::exists);
    let user = user_folder().filter(|_| !is_project);
    user.map_or_else(|| PathBuf::from(".aludel/cache"), |it| it.join("aludel"))
}
