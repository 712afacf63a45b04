//! Every revision one by one, up, down and up again, on a scratch database: its way back must end
//! where it began, and its way up must be there a second time.

use crate::catalog;
use crate::diff::Change;
use crate::model::Schema;
use crate::revision::graph::Graph;
use crate::revision::id::RevisionId;
use crate::revision::{Revision, SqlFile};
use crate::scratch::ScratchDatabase;
use crate::scratch::cache::Key;
use crate::scratch::extensions::created_in;

use super::declare;
use super::{Workspace, WorkspaceError, replay};

/// How many of the last revisions may be new since the last time, for the rest to be taken as
/// tried.
const NEW_REVISIONS: usize = 100;

/// A revision that does not go there and back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsteady {
    /// The revision.
    pub id: RevisionId,
    /// What is wrong with it.
    pub fault: Fault,
}

/// What is wrong with a revision's ways.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Its down file is refused.
    Down(String),
    /// Its up file is refused after its down file.
    Again(String),
    /// Its way back ends elsewhere; the changes from there to where it began.
    Traces(Vec<String>),
}

/// Whose downgrades are tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whose {
    /// Those of revisions that were written here. Of imported ones, which are history, only the way up
    /// has to work.
    Own,
    /// Those of imported ones, to say once what is to be expected of them.
    Imported,
}

impl Whose {
    fn has(self, revision: &Revision) -> bool {
        match self {
            Self::Own => revision.header.origin.is_none(),
            Self::Imported => revision.header.origin.is_some(),
        }
    }
}

impl Workspace {
    /// Tries all revisions that were not tried before.
    ///
    /// # Errors
    /// When they cannot even be run upwards.
    pub async fn roundtrips(&self, graph: &Graph) -> Result<Vec<Unsteady>, WorkspaceError> {
        self.identify().await?;
        let order: Vec<&Revision> = graph.iter().collect();
        let known = self.tried(graph, &order);
        if known == order.len() {
            return Ok(Vec::new());
        }
        let found = self.found(&order, known, Whose::Own).await?;
        if found.is_empty() {
            self.note_tried(graph);
        }
        Ok(found)
    }

    /// Tries the last imported revisions, whatever is known of them.
    ///
    /// # Errors
    /// When they cannot even be run upwards.
    pub async fn imported_roundtrips(
        &self,
        graph: &Graph,
    ) -> Result<Vec<Unsteady>, WorkspaceError> {
        self.identify().await?;
        let order: Vec<&Revision> = graph.iter().collect();
        let known = order.len().saturating_sub(NEW_REVISIONS);
        let found = self.found(&order, known, Whose::Imported).await?;
        if order.iter().all(|it| Whose::Imported.has(it)) {
            self.note_tried(graph);
        }
        Ok(found)
    }

    async fn found(
        &self,
        order: &[&Revision],
        known: usize,
        whose: Whose,
    ) -> Result<Vec<Unsteady>, WorkspaceError> {
        let mut database = self.built(order, &order[..known]).await?;
        let tried = self.try_all(&mut database, order, known, whose).await;
        database.close().await;
        tried
    }

    /// A scratch database with the first revisions.
    async fn built(
        &self,
        order: &[&Revision],
        first: &[&Revision],
    ) -> Result<ScratchDatabase, WorkspaceError> {
        let extensions = order.iter().flat_map(|it| created_in(&it.up.text)).collect();
        let database = self.scratch(extensions, self.provided()).await?;
        for revision in first {
            if let Err(error) = self.up(&database, revision).await {
                database.close().await;
                return Err(error);
            }
        }
        Ok(database)
    }

    /// Tries the revisions after the first ones, which the database has.
    async fn try_all(
        &self,
        database: &mut ScratchDatabase,
        order: &[&Revision],
        known: usize,
        whose: Whose,
    ) -> Result<Vec<Unsteady>, WorkspaceError> {
        let mut found = Vec::new();
        // None where it was not read yet.
        let mut before = (known == 0).then(|| self.blank().schema);
        for (at, revision) in order.iter().enumerate().skip(known) {
            let faults = self.try_one(database, revision, whose, &mut before).await?;
            if faults.iter().any(|it| !matches!(it, Fault::Traces(_))) {
                // Nobody knows what the refused file has left.
                let next = self.built(order, &order[..=at]).await?;
                std::mem::replace(database, next).close().await;
                before = None;
            }
            let id = revision.id();
            found.extend(faults.into_iter().map(|it| Unsteady { id: id.clone(), fault: it }));
        }
        Ok(found)
    }

    async fn up(
        &self,
        database: &ScratchDatabase,
        revision: &Revision,
    ) -> Result<(), WorkspaceError> {
        self.run_file(database, revision, &revision.up).await
    }

    async fn run_file(
        &self,
        database: &ScratchDatabase,
        revision: &Revision,
        file: &SqlFile,
    ) -> Result<(), WorkspaceError> {
        let statements = self.statements_of(revision, file)?;
        let _doing = self.trying(file);
        replay::run(database, file, &statements, &self.surroundings()).await
    }

    async fn try_one(
        &self,
        database: &mut ScratchDatabase,
        revision: &Revision,
        whose: Whose,
        before: &mut Option<Schema>,
    ) -> Result<Vec<Fault>, WorkspaceError> {
        let Some(down) = revision.down.as_ref().filter(|_| whose.has(revision)) else {
            *before = None;
            return self.up(database, revision).await.map(|()| Vec::new());
        };
        let from = match before.take() {
            Some(it) => it,
            None => self.objects(database).await?,
        };
        self.up(database, revision).await?;
        let there = self.objects(database).await?;
        if let Err(error) = self.run_file(database, revision, down).await {
            return Ok(vec![Fault::Down(error.to_string())]);
        }
        let back = self.objects(database).await?;
        let traces = self.left_between(&back, &from).await;
        let mut faults: Vec<Fault> = traces_left(&traces).into_iter().collect();
        if let Err(error) = self.up(database, revision).await {
            faults.push(Fault::Again(error.to_string()));
        }
        *before = Some(there);
        Ok(faults)
    }

    /// What the database has. What depends on what is no part of the comparison.
    async fn objects(&self, database: &mut ScratchDatabase) -> Result<Schema, WorkspaceError> {
        let read = catalog::introspect_objects(database, &self.scope(), true).await;
        let mut schema = read?.schema;
        schema.retain(|id, _| !self.provided().contains(id));
        declare::wanted_versions(&mut schema, None);
        Ok(schema)
    }

    /// How many of the first revisions were tried before.
    fn tried(&self, graph: &Graph, order: &[&Revision]) -> usize {
        let first = order.len().saturating_sub(NEW_REVISIONS);
        let is_marked = |it: &usize| {
            let key = self.roundtrip_key(graph, &order[..*it]);
            key.is_some_and(|it| self.cache.is_marked(&it))
        };
        (first.max(1)..=order.len()).rev().find(is_marked).unwrap_or(0)
    }

    /// Notes that all revisions were tried.
    pub(super) fn note_tried(&self, graph: &Graph) {
        let order: Vec<&Revision> = graph.iter().collect();
        if let Some(key) = self.roundtrip_key(graph, &order) {
            // A cache that cannot be written only costs time.
            let _ = self.cache.mark(&key);
        }
    }

    /// Notes that all revisions were tried, if all but this new one are known to be.
    pub(super) fn note_tried_with(&self, graph: &Graph, new: &RevisionId) {
        let others: Vec<&Revision> = graph.iter().filter(|it| it.id() != new).collect();
        let key = self.roundtrip_key(graph, &others);
        if others.is_empty() || key.is_some_and(|it| self.cache.is_marked(&it)) {
            self.note_tried(graph);
        }
    }

    fn roundtrip_key(&self, graph: &Graph, revisions: &[&Revision]) -> Option<Key> {
        let ids: Vec<RevisionId> = revisions.iter().map(|it| it.id().clone()).collect();
        // The chain of a revision is of its up file alone.
        let checksums = revisions.iter().filter_map(|it| graph.checksum(it.id()));
        let kind = checksums.fold("roundtrip".to_owned(), |kind, it| format!("{kind} {it}"));
        self.graph_key(&kind, graph, &ids)
    }
}

/// What a way back has left, or taken away.
fn traces_left(left: &[Change]) -> Option<Fault> {
    (!left.is_empty()).then(|| Fault::Traces(left.iter().map(ToString::to_string).collect()))
}
