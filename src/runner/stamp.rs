//! Stamp: records revisions as applied, without running them.

use std::time::Duration;

use serde::Serialize;

use super::apply::row;
use super::script::prepare;
use super::{Observer, RunError, RunSettings, Runner, Script, Session, lock};
use crate::ledger::{Applied, Direction, RevisionStep, Squashed, State, squashed, verify};
use crate::ledger_tables::{Event, EventAction};
use crate::revision::graph::Graph;
use crate::revision::id::RevisionId;
use crate::revision::target::Target;

/// Where a database is said to stand.
#[derive(Debug, Clone, Copy)]
pub struct StampRequest<'a> {
    /// The revisions.
    pub graph: &'a Graph,
    /// The places, one for each branch.
    pub targets: &'a [Target],
    /// Whether to forget all that the ledger says now, also of revisions that no file has.
    pub purge: bool,
}

/// What was changed in the ledger.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct StampReport {
    /// The rows that were written.
    pub entered: Vec<RevisionId>,
    /// The rows that were taken out.
    pub removed: Vec<RevisionId>,
}

/// Writes into the ledger that a database stands at the targets, in one transaction.
///
/// # Errors
/// When a target names no place, when the ledger and the files disagree and `purge` is not wanted,
/// or when the server refuses.
pub async fn stamp(
    session: Session<'_>,
    settings: &RunSettings,
    request: StampRequest<'_>,
    observer: &mut dyn Observer,
) -> Result<StampReport, RunError> {
    let client = session.client;
    let mut runner = Runner::new(session, settings, observer).await?;
    runner.acquire().await?;
    let done = runner.stamp(request).await;
    lock::release(client, runner.lock).await;
    done
}

impl Runner<'_> {
    async fn stamp(&mut self, request: StampRequest<'_>) -> Result<StampReport, RunError> {
        let StampRequest { graph, targets, purge } = request;
        let applied = self.store.read(self.client).await?;
        let mismatches = if purge { Vec::new() } else { verify(graph, &applied) };
        if !mismatches.is_empty() {
            return Err(RunError::Mismatch(mismatches));
        }
        if !purge {
            self.renew_checksums(graph, &applied).await;
        }
        let applied = if purge { applied } else { self.carry_over(graph, applied).await? };
        let report = changes(graph, &applied, targets, purge)?;
        let steps = report.entered.iter().filter_map(|id| step(graph, id)).collect();
        let scripts = prepare(steps, &self.settings.variables).map_err(RunError::Script)?;
        self.prepare().await?;
        self.begin().await?;
        self.begin_now().await?;
        let written = async {
            for id in &report.removed {
                self.prepared().ledger.delete(id).await?;
                self.record_stamp(id, "removed").await?;
            }
            for script in &scripts {
                let all = script.segments.len();
                let row = row(script, State::Applied, all, false, Duration::ZERO);
                self.prepared().ledger.put(&row).await?;
                self.record_stamp(&row.id, "recorded as applied").await?;
            }
            self.client.batch_execute("COMMIT").await.map_err(RunError::Server)
        };
        let written = written.await;
        if written.is_err() {
            self.roll_back().await;
        }
        written.map(|()| report)
    }

    /// Puts the revision that `squash` made in the place of those that it was made from, and gives
    /// the ledger as it then is.
    pub(super) async fn carry_over(
        &mut self,
        graph: &Graph,
        applied: Applied,
    ) -> Result<Applied, RunError> {
        let squashed = squashed(graph, &applied);
        if squashed.is_empty() {
            return Ok(applied);
        }
        let steps = squashed.iter().filter_map(|it| step(graph, &it.id)).collect();
        let scripts = prepare(steps, &self.settings.variables).map_err(RunError::Script)?;
        self.prepare().await?;
        self.begin().await?;
        self.begin_now().await?;
        let written = self.replace(&squashed, &scripts).await;
        if written.is_err() {
            self.roll_back().await;
        }
        written?;
        Ok(self.store.read(self.client).await?)
    }

    async fn replace(&self, squashed: &[Squashed], scripts: &[Script]) -> Result<(), RunError> {
        let ledger = &self.prepared().ledger;
        for (squash, script) in squashed.iter().zip(scripts) {
            for id in &squash.others {
                ledger.delete(id).await?;
                self.record_stamp(id, &format!("squashed into {}", squash.id)).await?;
            }
            let all = script.segments.len();
            ledger.put(&row(script, State::Applied, all, false, Duration::ZERO)).await?;
            let detail = format!("replaces {} revisions", squash.others.len() + 1);
            self.record_stamp(&squash.id, &detail).await?;
        }
        self.client.batch_execute("COMMIT").await.map_err(RunError::Server)
    }

    async fn record_stamp(&self, id: &RevisionId, what: &str) -> Result<(), RunError> {
        let event = Event {
            action: EventAction::Stamp,
            revision: Some(id.clone()),
            sqlstate: None,
            detail: Some(what.to_owned()),
            milliseconds: 0,
        };
        Ok(self.prepared().ledger.record(&event).await?)
    }
}

/// What must be changed. A revision that an interrupted run left partly applied counts as neither there
/// nor gone: it is entered, or taken out.
fn changes(
    graph: &Graph,
    applied: &Applied,
    targets: &[Target],
    purge: bool,
) -> Result<StampReport, RunError> {
    let rows: Vec<&RevisionId> = applied.iter().map(|it| &it.id).collect();
    let there = if purge {
        std::collections::BTreeSet::new()
    } else {
        rows.iter().map(|it| (*it).clone()).collect()
    };
    let displaced = graph.displaced(&there, targets).map_err(|it| RunError::Pending(it.into()))?;
    let partly_applied = applied.iter().filter(|it| it.state != State::Applied).map(|it| &it.id);
    let again: Vec<RevisionId> = partly_applied
        .filter(|it| !displaced.missing.contains(it) && !displaced.surplus.contains(it))
        .filter(|it| !purge && graph.get(it).is_some())
        .cloned()
        .collect();
    let removed = if purge {
        let kept = |id: &RevisionId| displaced.missing.contains(id);
        rows.into_iter().filter(|it| !kept(it)).cloned().collect()
    } else {
        displaced.surplus
    };
    Ok(StampReport { entered: displaced.missing.into_iter().chain(again).collect(), removed })
}

/// The way up of a revision, of which only the row is wanted.
fn step(graph: &Graph, id: &RevisionId) -> Option<RevisionStep> {
    Some(RevisionStep {
        direction: Direction::Up,
        revision: graph.get(id)?.clone(),
        checksum: graph.checksum(id)?.clone(),
        chain: graph.chain(id)?.clone(),
        progress: None,
    })
}
