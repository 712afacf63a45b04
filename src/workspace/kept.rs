//! Cached results of an engine: the key is a hash of the input and of the properties of the engine.

use crate::diagnostic::SourceFile;
use crate::model::Schema;
use crate::model::snapshot::Snapshot;
use crate::revision::graph::Graph;
use crate::revision::id::RevisionId;
use crate::scratch::EMBEDDED_ENGINE;
use crate::scratch::cache::CacheKey;

use super::{Declared, SNAPSHOTS, Workspace, WorkspaceError, aside, texts};

impl Workspace {
    /// Learns which engine scratch databases are on. What is looked up before is not found.
    ///
    /// # Errors
    /// When a server does not answer.
    pub async fn identify(&self) -> Result<(), WorkspaceError> {
        let name = self.engine_name.get_or_try_init(|| async {
            if self.own_cluster() {
                return Ok(EMBEDDED_ENGINE.to_owned());
            }
            Ok::<_, WorkspaceError>(self.engine().await?.name().await?)
        });
        name.await.map(|_| ())
    }

    pub(super) fn declaration_key(&self, declared: &Declared) -> Option<CacheKey> {
        self.key("settled declaration", texts(&declared.files))
    }

    /// Whether these files have been found to declare what these revisions build.
    #[must_use]
    pub fn agreed(&self, files: &[SourceFile], graph: &Graph, ends: &[RevisionId]) -> bool {
        self.agreement_key(files, graph, ends).is_some_and(|it| self.cache.is_marked(&it))
    }

    /// Notes that these files declare what these revisions build.
    pub fn note_agreement(&self, files: &[SourceFile], graph: &Graph, ends: &[RevisionId]) {
        if let Some(key) = self.agreement_key(files, graph, ends) {
            // A cache that cannot be written only costs time.
            let _ = self.cache.mark(&key);
        }
    }

    fn agreement_key(
        &self,
        files: &[SourceFile],
        graph: &Graph,
        ends: &[RevisionId],
    ) -> Option<CacheKey> {
        let chains = ends.iter().filter_map(|it| graph.chain(it)).map(|it| it.as_str());
        let kind = if self.database().grants.value { "agreement in all" } else { "agreement" };
        self.key(kind, texts(files).chain([""]).chain(chains))
    }

    pub(super) async fn kept_schema(&self, key: Option<CacheKey>) -> Option<Schema> {
        let (key, cache) = (key?, self.cache.clone());
        aside(move || cache.schema(&key)).await
    }

    /// The address of a snapshot in the cache; none before it is known which engine says what it is.
    pub(super) fn key<'a>(
        &self,
        kind: &str,
        parts: impl Iterator<Item = &'a str>,
    ) -> Option<CacheKey> {
        let fixed = [kind, self.engine_name.get()?.as_str(), SNAPSHOTS].map(str::to_owned);
        let all = fixed.into_iter().chain(self.circumstances());
        let all: Vec<String> = all.chain(parts.map(str::to_owned)).collect();
        Some(CacheKey::new(all.iter().map(String::as_str)))
    }

    pub(super) fn keep(&self, key: Option<&CacheKey>, snapshot: &Snapshot) {
        if let Some(key) = key {
            // A cache that cannot be written only costs time.
            let _ = self.cache.put(key, snapshot);
        }
    }
}
