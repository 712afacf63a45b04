//! Every revision one by one, up, down and up again, on a scratch database: its downgrade must
//! restore the previous schema, and it must be possible to apply it again.

use std::collections::BTreeMap;

use crate::catalog;
use crate::diff::Change;
use crate::model::Schema;
use crate::model::snapshot::Snapshot;
use crate::revision::checksum::Side;
use crate::revision::graph::Graph;
use crate::revision::id::RevisionId;
use crate::revision::loss::Losses;
use crate::revision::proof::Seal;
use crate::revision::{Revision, SqlFile, consent};
use crate::scratch::cache::CacheKey;
use crate::scratch::extensions::created_in;
use crate::scratch::{ScratchDatabase, ScratchError};

use super::bench::Bench;
use super::declare;
use super::kept::Kept;
use super::losses::{Holders, Lost};
use super::proofs::left_behind;
use super::watch::{Watch, mark};
use super::{Workspace, WorkspaceError, replay};

/// How many of the last revisions may be new since the last time, for the rest to be taken as
/// tried.
const NEW_REVISIONS: usize = 100;

/// A revision that does not go up and down.
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
    /// Its downgrade does not restore the previous schema; the changes that would.
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

/// What is believed of what was found out before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// What the cache has, and proofs.
    All,
    /// Proofs alone: what has none is run, and what it leaves is read.
    Proofs,
    /// Everything is run, and read.
    Nothing,
}

/// What came of trying revisions.
#[derive(Debug, Default)]
pub struct Tried {
    /// What all of them build, where they had to be run.
    pub built: Option<Snapshot>,
    /// What is wrong.
    pub unsteady: Vec<Unsteady>,
    /// What revisions leave, where that was asked for.
    pub leaves: BTreeMap<RevisionId, Seal>,
    /// The data that revisions lose, of those that were run up and down.
    pub losses: BTreeMap<RevisionId, Losses>,
    /// How many had to be run up and down.
    pub ran: usize,
}

/// Revisions that are run one after the other.
struct Passage<'a> {
    graph: &'a Graph,
    /// Parents before children.
    order: &'a [&'a Revision],
    /// Which of them are tried.
    due: &'a [bool],
    whose: Whose,
    /// Whether it is read what each leaves.
    leaves: bool,
}

impl Passage<'_> {
    /// The place of the first that is tried.
    fn first(&self) -> usize {
        self.due.iter().position(|it| *it).unwrap_or(self.order.len())
    }
}

/// What came of running revisions.
#[derive(Default)]
struct Ran {
    tried: Tried,
    /// The places of those whose downgrade left other rows in the catalog, which may be no difference.
    open: Vec<usize>,
    /// What they lost, up and down.
    lost: Vec<(RevisionId, [Lost; 2])>,
}

/// What came of trying a revision.
#[derive(Default)]
struct Outcome {
    /// Whether other rows are in the catalog after its downgrade than before, which may say the same.
    other_rows: bool,
    /// A file that was refused.
    fault: Option<Fault>,
    /// What its files lost, up and down.
    lost: [Lost; 2],
}

impl Workspace {
    /// Which revisions have to be tried, in the order of the graph: those of which neither a proof nor the cache
    /// says that they were.
    ///
    /// # Errors
    /// When a server for scratch databases does not answer.
    pub async fn untried(&self, graph: &Graph, trust: Trust) -> Result<Vec<bool>, WorkspaceError> {
        let order: Vec<&Revision> = graph.iter().collect();
        let proven = match trust {
            Trust::All | Trust::Proofs => self.proven(graph),
            Trust::Nothing => BTreeMap::new(),
        };
        let mut due: Vec<bool> = order.iter().map(|it| !proven.contains_key(it.id())).collect();
        if trust == Trust::All && due.contains(&true) {
            self.identify().await?;
            let known = self.kept.tried(graph, &order);
            due.iter_mut().take(known).for_each(|it| *it = false);
        }
        Ok(due)
    }

    /// Tries the revisions that are due.
    ///
    /// # Errors
    /// When they cannot even be run upwards.
    pub async fn roundtrips(
        &self,
        graph: &Graph,
        due: &[bool],
        trust: Trust,
    ) -> Result<Tried, WorkspaceError> {
        if !due.contains(&true) {
            return Ok(Tried::default());
        }
        self.identify().await?;
        let order: Vec<&Revision> = graph.iter().collect();
        let tried = self.found(graph, &order, due, Whose::Own, trust != Trust::All).await?;
        if tried.unsteady.is_empty() {
            self.kept.note_tried(graph);
        }
        Ok(tried)
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
        let due: Vec<bool> = (0..order.len()).map(|at| at >= known).collect();
        let found = self.found(graph, &order, &due, Whose::Imported, false).await?.unsteady;
        if order.iter().all(|it| Whose::Imported.has(it)) {
            self.kept.note_tried(graph);
        }
        Ok(found)
    }

    /// Tries the revisions that are due, and keeps what all of them build.
    async fn found(
        &self,
        graph: &Graph,
        order: &[&Revision],
        due: &[bool],
        whose: Whose,
        leaves: bool,
    ) -> Result<Tried, WorkspaceError> {
        let passage = Passage { graph, order, due, whose, leaves };
        let mut stand = self.bench.built(order, &order[..passage.first()]).await?;
        let tried = self.bench.try_all(&mut stand, &passage).await;
        let built = match &tried {
            Ok(_) => Some(self.bench.built_by(&mut stand).await),
            Err(_) => None,
        };
        if let Some(Ok(snapshot)) = &built {
            let heads: Vec<RevisionId> = graph.heads().into_iter().cloned().collect();
            self.kept.keep_history(graph, &heads, (&stand.database, snapshot)).await;
        }
        stand.database.close().await;
        let Ran { mut tried, open, lost } = tried?;
        for (id, [up, down]) in lost {
            let up = self.with_rows(graph, &id, Side::Up, up).await?;
            let down = self.with_rows(graph, &id, Side::Down, down).await?;
            tried.losses.insert(id, Losses { up, down });
        }
        tried.built = built.transpose()?;
        tried.ran = due.iter().filter(|it| **it).count();
        tried.unsteady.extend(self.compared(order, &open).await?);
        let place = |id: &RevisionId| order.iter().position(|it| it.id() == id);
        // What was left comes first: it is why a file is refused the second time.
        let is_later = |it: &Unsteady| !matches!(it.fault, Fault::Traces(_));
        tried.unsteady.sort_by_key(|it| (place(&it.id), is_later(it)));
        Ok(tried)
    }
}

impl Bench {
    /// What the revisions that have run have built.
    async fn built_by(&self, stand: &mut Stand) -> Result<Snapshot, WorkspaceError> {
        let mut snapshot = self.read_back(&mut stand.database, true).await?;
        declare::wanted_versions(&mut snapshot.schema, None);
        Ok(snapshot)
    }

    /// A scratch database with the first revisions.
    async fn built(
        &self,
        order: &[&Revision],
        first: &[&Revision],
    ) -> Result<Stand, WorkspaceError> {
        let extensions = order.iter().flat_map(|it| created_in(&it.up.text)).collect();
        let database = self.scratch(extensions, self.sources.provided()).await?;
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

    /// Runs the revisions from the first that is due on.
    async fn try_all(
        &self,
        stand: &mut Stand,
        passage: &Passage<'_>,
    ) -> Result<Ran, WorkspaceError> {
        let Ran { mut tried, mut open, mut lost } = Ran::default();
        let Passage { graph, order, due, whose, leaves } = *passage;
        for (at, revision) in order.iter().enumerate().skip(passage.first()) {
            let id = revision.id();
            let down = revision.down.as_ref().filter(|_| due[at] && whose.has(revision));
            let outcome = self.try_one(stand, revision, down).await?;
            if outcome.fault.is_some() {
                // Nobody knows what the refused file has left.
                let next = self.built(order, &order[..=at]).await?;
                std::mem::replace(stand, next).database.close().await;
            }
            if outcome.other_rows {
                open.push(at);
            }
            if due[at] {
                lost.push((id.clone(), outcome.lost));
            }
            tried.unsteady.extend(outcome.fault.map(|fault| Unsteady { id: id.clone(), fault }));
            // What else is there by then is not of its making.
            if leaves && due[at] && graph.ancestors([id]).len() == at + 1 {
                let left = left_behind(&self.built_by(stand).await?.schema);
                tried.leaves.insert(id.clone(), left);
            }
        }
        Ok(Ran { tried, open, lost })
    }

    /// Runs a revision up, and with a down file down and up again.
    async fn try_one(
        &self,
        stand: &mut Stand,
        revision: &Revision,
        down: Option<&SqlFile>,
    ) -> Result<Outcome, WorkspaceError> {
        let since = mark(&stand.database).await;
        let mut outcome = Outcome::default();
        outcome.lost[0] = self.run_measured(&stand.database, revision, Side::Up).await?;
        if down.is_some() {
            match self.run_measured(&stand.database, revision, Side::Down).await {
                Ok(lost) => outcome.lost[1] = lost,
                Err(error) => {
                    outcome.fault = Some(Fault::Down(error.to_string()));
                    return Ok(outcome);
                }
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
}

impl Workspace {
    /// What the downgrades of some revisions leave, read before and after.
    async fn compared(
        &self,
        order: &[&Revision],
        open: &[usize],
    ) -> Result<Vec<Unsteady>, WorkspaceError> {
        if open.is_empty() {
            return Ok(Vec::new());
        }
        let mut stand = self.bench.built(order, &[]).await?;
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
                self.bench.up(&stand.database, revision).await?;
                continue;
            };
            let traces = self.traces(&mut stand.database, revision, down).await?;
            found.extend(traces.map(|fault| Unsteady { id: revision.id().clone(), fault }));
            if self.bench.up(&stand.database, revision).await.is_err() && at < last {
                // That is known, and nobody knows what it has left.
                let next = self.bench.built(order, &order[..=at]).await?;
                std::mem::replace(stand, next).database.close().await;
            }
        }
        Ok(found)
    }

    /// The difference between before a revision and after its downgrade.
    async fn traces(
        &self,
        database: &mut ScratchDatabase,
        revision: &Revision,
        down: &SqlFile,
    ) -> Result<Option<Fault>, WorkspaceError> {
        let from = self.bench.objects(database).await?;
        self.bench.up(database, revision).await?;
        self.bench.run_file(database, revision, down).await?;
        let back = self.bench.objects(database).await?;
        Ok(traces_left(&self.left_between(&back, &from).await))
    }
}

impl Bench {
    /// Runs a file of a revision, and says which data it lost.
    pub(super) async fn run_measured(
        &self,
        database: &ScratchDatabase,
        revision: &Revision,
        side: Side,
    ) -> Result<Lost, WorkspaceError> {
        let Some(file) = revision.file(side) else { return Ok(Lost::default()) };
        if consent::keeps_data(revision, side) {
            self.run_file(database, revision, file).await?;
            return Ok(Lost::default());
        }
        let before = Holders::of(database).await.map_err(ScratchError::from)?;
        self.run_file(database, revision, file).await?;
        let after = Holders::of(database).await.map_err(ScratchError::from)?;
        Ok(before.lost(&after, &file.text))
    }

    pub(super) async fn up(
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
        let statements = self.sources.statements_of(revision, file)?;
        let _doing = self.trying(file);
        replay::run(database, file, &statements, &self.surroundings()).await
    }

    /// What the database has. What depends on what is no part of the comparison.
    async fn objects(&self, database: &mut ScratchDatabase) -> Result<Schema, WorkspaceError> {
        let read = catalog::introspect_objects(database, &self.sources.scope(), true).await;
        let mut schema = read?.schema;
        schema.retain(|id, _| !self.sources.provided().contains(id));
        declare::wanted_versions(&mut schema, None);
        Ok(schema)
    }
}

impl Kept {
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

    fn roundtrip_key(&self, graph: &Graph, revisions: &[&Revision]) -> Option<CacheKey> {
        let ids: Vec<RevisionId> = revisions.iter().map(|it| it.id().clone()).collect();
        // The chain of a revision is of its up file alone.
        let checksums = revisions.iter().filter_map(|it| graph.checksum(it.id()));
        let kind = checksums.fold("roundtrip".to_owned(), |kind, it| format!("{kind} {it}"));
        self.graph_key(&kind, graph, &ids)
    }
}

/// What a downgrade has left, or dropped.
fn traces_left(left: &[Change]) -> Option<Fault> {
    (!left.is_empty()).then(|| Fault::Traces(left.iter().map(ToString::to_string).collect()))
}
