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
use super::watch::{Watch, mark};
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

/// A scratch database, and what its catalog held last.
struct Stand {
    database: ScratchDatabase,
    watch: Option<Watch>,
}

impl Stand {
    async fn is_as_before(&self, since: Option<&str>) -> bool {
        match (&self.watch, since) {
            (Some(watch), Some(since)) => watch.is_as_before(&self.database, since).await,
            _ => false,
        }
    }
}

/// Takes in what was done since a mark, or gives up watching.
async fn follow(watch: &mut Option<Watch>, database: &ScratchDatabase, since: Option<String>) {
    let followed = match (watch.as_mut(), since) {
        (Some(watch), Some(since)) => watch.follow(database, &since).await,
        _ => None,
    };
    if followed.is_none() {
        *watch = None;
    }
}

/// What came of a revision's ways.
#[derive(Default)]
struct Outcome {
    /// Whether its way back left other rows in the catalog than were there, which may say the same.
    other_rows: bool,
    /// A file that was refused.
    fault: Option<Fault>,
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
        let found = self.found(graph, &order, known, Whose::Own).await?;
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
        let found = self.found(graph, &order, known, Whose::Imported).await?;
        if order.iter().all(|it| Whose::Imported.has(it)) {
            self.note_tried(graph);
        }
        Ok(found)
    }

    /// Tries the revisions after the first ones, and keeps what all of them build.
    async fn found(
        &self,
        graph: &Graph,
        order: &[&Revision],
        known: usize,
        whose: Whose,
    ) -> Result<Vec<Unsteady>, WorkspaceError> {
        let mut trial = self.built(order, &order[..known]).await?;
        let tried = self.try_all(&mut trial, order, known, whose).await;
        let snapshot = match &tried {
            Ok(_) => self.read_back(&mut trial.database, true).await.map(Some),
            Err(_) => Ok(None),
        };
        trial.database.close().await;
        let (mut found, open) = tried?;
        if let Some(mut snapshot) = snapshot? {
            declare::wanted_versions(&mut snapshot.schema, None);
            let heads: Vec<RevisionId> = graph.heads().into_iter().cloned().collect();
            self.keep(self.history_key(graph, &heads).as_ref(), &snapshot);
        }
        found.extend(self.compared(order, &open).await?);
        let place = |id: &RevisionId| order.iter().position(|it| it.id() == id);
        found.sort_by_key(|it| place(&it.id));
        Ok(found)
    }

    /// A scratch database with the first revisions.
    async fn built(
        &self,
        order: &[&Revision],
        first: &[&Revision],
    ) -> Result<Stand, WorkspaceError> {
        let extensions = order.iter().flat_map(|it| created_in(&it.up.text)).collect();
        let database = self.scratch(extensions, self.provided()).await?;
        let mut watch = Watch::begin(&database).await;
        let since = mark(&database).await;
        for revision in first {
            if let Err(error) = self.up(&database, revision).await {
                database.close().await;
                return Err(error);
            }
        }
        follow(&mut watch, &database, since).await;
        Ok(Stand { database, watch })
    }

    /// Tries the revisions after the first ones, which the database has. Gives what is wrong, and the
    /// places of those whose way back left other rows in the catalog, which may be no difference.
    async fn try_all(
        &self,
        stand: &mut Stand,
        order: &[&Revision],
        known: usize,
        whose: Whose,
    ) -> Result<(Vec<Unsteady>, Vec<usize>), WorkspaceError> {
        let (mut found, mut open) = (Vec::new(), Vec::new());
        for (at, revision) in order.iter().enumerate().skip(known) {
            let outcome = self.try_one(stand, revision, whose).await?;
            if outcome.fault.is_some() {
                // Nobody knows what the refused file has left.
                let next = self.built(order, &order[..=at]).await?;
                std::mem::replace(stand, next).database.close().await;
            }
            if outcome.other_rows {
                open.push(at);
            }
            let id = revision.id();
            found.extend(outcome.fault.map(|fault| Unsteady { id: id.clone(), fault }));
        }
        Ok((found, open))
    }

    /// Runs a revision up, down and up again.
    async fn try_one(
        &self,
        stand: &mut Stand,
        revision: &Revision,
        whose: Whose,
    ) -> Result<Outcome, WorkspaceError> {
        let since = mark(&stand.database).await;
        self.up(&stand.database, revision).await?;
        let mut outcome = Outcome::default();
        if let Some(down) = revision.down.as_ref().filter(|_| whose.has(revision)) {
            if let Err(error) = self.run_file(&stand.database, revision, down).await {
                outcome.fault = Some(Fault::Down(error.to_string()));
                return Ok(outcome);
            }
            outcome.other_rows = !stand.is_as_before(since.as_deref()).await;
            if let Err(error) = self.up(&stand.database, revision).await {
                outcome.fault = Some(Fault::Again(error.to_string()));
                return Ok(outcome);
            }
        }
        follow(&mut stand.watch, &stand.database, since).await;
        Ok(outcome)
    }

    /// What the ways back of some revisions leave, read before and after.
    async fn compared(
        &self,
        order: &[&Revision],
        open: &[usize],
    ) -> Result<Vec<Unsteady>, WorkspaceError> {
        if open.is_empty() {
            return Ok(Vec::new());
        }
        let mut stand = self.built(order, &[]).await?;
        let compared = self.compare_all(&mut stand, order, open).await;
        stand.database.close().await;
        compared
    }

    async fn compare_all(
        &self,
        stand: &mut Stand,
        order: &[&Revision],
        open: &[usize],
    ) -> Result<Vec<Unsteady>, WorkspaceError> {
        let mut found = Vec::new();
        let last = open.last().copied().unwrap_or_default();
        for (at, revision) in order.iter().enumerate().take(last + 1) {
            let Some(down) = revision.down.as_ref().filter(|_| open.contains(&at)) else {
                self.up(&stand.database, revision).await?;
                continue;
            };
            let traces = self.traces(&mut stand.database, revision, down).await?;
            found.extend(traces.map(|fault| Unsteady { id: revision.id().clone(), fault }));
            if self.up(&stand.database, revision).await.is_err() && at < last {
                // That is known, and nobody knows what it has left.
                let next = self.built(order, &order[..=at]).await?;
                std::mem::replace(stand, next).database.close().await;
            }
        }
        Ok(found)
    }

    /// What is there before a revision, and after its way back, and what lies between.
    async fn traces(
        &self,
        database: &mut ScratchDatabase,
        revision: &Revision,
        down: &SqlFile,
    ) -> Result<Option<Fault>, WorkspaceError> {
        let from = self.objects(database).await?;
        self.up(database, revision).await?;
        self.run_file(database, revision, down).await?;
        let back = self.objects(database).await?;
        Ok(traces_left(&self.left_between(&back, &from).await))
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
