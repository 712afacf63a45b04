//! Replays revisions on a scratch database: the resulting schema, cached by the chains of the
//! revisions.

use std::io;

use crate::model::Schema;
use crate::model::object::{Object, ObjectId};
use crate::model::printed::texts;
use crate::model::snapshot::Snapshot;
use crate::revision::graph::Graph;
use crate::revision::id::RevisionId;
use crate::revision::variables::bound;
use crate::revision::{Revision, SqlFile};
use crate::runner::statements;
use crate::scratch::ScratchDatabase;
use crate::scratch::cache::CacheKey;
use crate::sql_text::ScriptStatement;

use super::declare;
use super::kept::Kept;
use super::sources::Sources;
use super::{Loaded, Workspace, WorkspaceError, replay};

/// What revisions have built.
#[derive(Debug, Default)]
pub struct Built {
    /// All objects.
    pub snapshot: Snapshot,
    /// Whether no table has rows.
    pub rowless: bool,
}

impl Workspace {
    /// Replays revisions, each after those it builds on.
    ///
    /// # Errors
    /// A file that cannot be taken apart, or a statement that the scratch database refuses.
    pub async fn history(
        &self,
        graph: &Graph,
        ends: &[RevisionId],
    ) -> Result<Loaded, WorkspaceError> {
        if ends.is_empty() {
            return Ok(Loaded::plain(self.bench.nothing().await?));
        }
        self.identify().await?;
        if let Some(kept) = self.kept.history(graph, ends) {
            return Ok(kept);
        }
        let (database, snapshot) = self.replay(graph, ends, &Schema::default()).await?;
        database.close().await;
        Ok(Loaded::plain(snapshot))
    }

    /// Keeps what all revisions, a new one among them, were found to build, so that they need not be
    /// replayed to know, that the new one can be applied and reverted, and that they build what is declared.
    ///
    /// # Errors
    /// When the last cannot be written beside the revisions.
    pub fn remember(&self, new: &RevisionId, built: &Built, declared: &Loaded) -> io::Result<()> {
        let Ok(graph) = self.graph() else { return Ok(()) };
        self.kept.note_tried_with(&graph, new);
        let heads: Vec<_> = graph.heads().into_iter().cloned().collect();
        self.kept.keep(self.kept.history_key(&graph, &heads).as_ref(), &built.snapshot);
        if built.rowless {
            self.kept.note_rowless(&graph, &heads);
        }
        if declared.settled {
            self.kept.note_settled(
                &graph,
                &heads,
                &built.snapshot.schema,
                &declared.snapshot.schema,
            );
        }
        let files = declared.declared.as_ref().map_or(&[][..], |it| &it.files);
        self.write_agreement(files, &graph)
    }

    /// The objects that revisions build, as [`Workspace::history`] has them.
    ///
    /// # Errors
    /// As there.
    pub async fn history_schema(
        &self,
        graph: &Graph,
        ends: &[RevisionId],
    ) -> Result<Schema, WorkspaceError> {
        self.identify().await?;
        match self.kept.schema(self.kept.history_key(graph, ends)).await {
            Some(schema) => Ok(schema),
            None => Ok(self.history(graph, ends).await?.snapshot.schema),
        }
    }

    /// Replays revisions and keeps the database open, to try the next one in it. That one may
    /// create the extensions of `coming`.
    ///
    /// # Errors
    /// As [`Workspace::history`].
    pub async fn replay(
        &self,
        graph: &Graph,
        ends: &[RevisionId],
        coming: &Schema,
    ) -> Result<(ScratchDatabase, Snapshot), WorkspaceError> {
        self.identify().await?;
        let references: Vec<&RevisionId> = ends.iter().collect();
        let files = replay::revisions_up_to(graph, &references)
            .into_iter()
            .map(|it| Ok((&it.up, self.sources.statements_of(it, &it.up)?)))
            .collect::<Result<Vec<_>, WorkspaceError>>()?;
        let (database, snapshot) =
            self.bench.run_files(&files, declare::extensions(coming)).await?;
        self.kept.keep_history(graph, ends, (&database, &snapshot)).await;
        Ok((database, snapshot))
    }
}

impl Kept {
    /// What revisions are known to build.
    pub(super) fn history(&self, graph: &Graph, ends: &[RevisionId]) -> Option<Loaded> {
        let snapshot = self.cache.get(&self.history_key(graph, ends)?)?;
        let settled = self.is_marked(self.settled_key(graph, ends));
        Some(Loaded { settled, ..Loaded::plain(snapshot) })
    }

    pub(super) fn history_key(&self, graph: &Graph, ends: &[RevisionId]) -> Option<CacheKey> {
        self.graph_key("history", graph, ends)
    }

    fn settled_key(&self, graph: &Graph, ends: &[RevisionId]) -> Option<CacheKey> {
        self.graph_key("settled history", graph, ends)
    }

    /// Notes that revisions build what is declared; where that is so to the letter, every text is where it
    /// stays.
    fn note_settled(&self, graph: &Graph, ends: &[RevisionId], built: &Schema, declared: &Schema) {
        let says = |(id, object): (&ObjectId, &Object)| {
            texts(object).is_empty()
                || declared.get(id).is_some_and(|it| texts(it) == texts(object))
        };
        if built.iter().all(says) {
            self.mark(self.settled_key(graph, ends));
        }
    }
}

impl Sources {
    /// The statements of a revision's file, its variables put in.
    pub(super) fn statements_of(
        &self,
        revision: &Revision,
        file: &SqlFile,
    ) -> Result<Vec<ScriptStatement>, WorkspaceError> {
        let text = bound(&revision.header.variables, &file.text, &self.settings.variables)
            .map_err(|source| WorkspaceError::Variable { path: file.path.clone(), source })?;
        let file = SqlFile { path: file.path.clone(), text };
        Ok(statements(&file, revision.header.transaction)?)
    }
}
