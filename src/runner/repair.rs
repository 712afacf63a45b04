//! Repair: writes the checksums of the files into the ledger. Nothing is run.

use serde::{Serialize, Serializer};

use super::{Observer, RunError, RunSettings, Runner, Session, lock};
use crate::ledger::{Applied, AppliedRow, Mismatch, State, edits, outdated, verify};
use crate::ledger_tables::{Event, EventAction};
use crate::revision::Revision;
use crate::revision::checksum::Recorded;
use crate::revision::graph::Graph;
use crate::revision::id::RevisionId;

/// Whose files are accepted.
#[derive(Debug, Clone, Copy)]
pub struct RepairRequest<'a> {
    /// The revisions.
    pub graph: &'a Graph,
    /// Those whose files are accepted, whatever was edited. Where none is named, all those whose
    /// statements are the same.
    pub ids: &'a [RevisionId],
}

/// What was changed in the ledger.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RepairReport {
    /// The revisions whose files were accepted.
    pub accepted: Vec<RevisionId>,
    /// What still keeps runs from beginning; sentences in JSON.
    #[serde(serialize_with = "as_sentences")]
    pub mismatches: Vec<Mismatch>,
}

fn as_sentences<S: Serializer>(mismatches: &[Mismatch], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(mismatches.iter().map(ToString::to_string))
}

/// Writes the checksums of edited files into the ledger.
///
/// # Errors
/// When the server refuses.
pub async fn repair(
    session: Session<'_>,
    settings: &RunSettings,
    request: RepairRequest<'_>,
    observer: &mut dyn Observer,
) -> Result<RepairReport, RunError> {
    let client = session.client;
    let mut runner = Runner::new(session, settings, observer).await?;
    runner.acquire().await?;
    let done = runner.repair(request).await;
    lock::release(client, runner.lock).await;
    done
}

impl Runner<'_> {
    async fn repair(&mut self, request: RepairRequest<'_>) -> Result<RepairReport, RunError> {
        let RepairRequest { graph, ids } = request;
        let applied = self.store.read(self.client).await?;
        let accepted = accepted(graph, &applied, ids);
        if accepted.is_empty() {
            return Ok(RepairReport { accepted, mismatches: verify(graph, &applied) });
        }
        self.prepare().await?;
        self.begin().await?;
        self.begin_now().await?;
        let written = self.accept(graph, &applied, &accepted).await;
        if written.is_err() {
            self.roll_back().await;
        }
        written?;
        let applied = self.store.read(self.client).await?;
        Ok(RepairReport { accepted, mismatches: verify(graph, &applied) })
    }

    async fn accept(
        &self,
        graph: &Graph,
        applied: &Applied,
        accepted: &[RevisionId],
    ) -> Result<(), RunError> {
        self.store.amend(self.client, &amended(graph, applied, accepted)).await?;
        for id in accepted {
            let event = Event {
                action: EventAction::Repair,
                revision: Some(id.clone()),
                sqlstate: None,
                detail: Some("the files were accepted as they are".to_owned()),
                milliseconds: 0,
            };
            self.prepared().ledger.record(&event).await?;
        }
        self.client.batch_execute("COMMIT").await.map_err(RunError::Server)
    }

    /// Brings the rows of an older aludel to what this one writes.
    pub(super) async fn renew_checksums(&self, graph: &Graph, applied: &Applied) {
        let rows = outdated(graph, applied);
        if !rows.is_empty() {
            // Who may not write the ledger, or meets a server that takes no writes, continues without:
            // the rows are as valid as they were.
            let _ = self.store.amend(self.client, &rows).await;
        }
    }
}

/// The revisions whose files are not what the ledger says, and are to be.
fn accepted(graph: &Graph, applied: &Applied, ids: &[RevisionId]) -> Vec<RevisionId> {
    let mismatches = verify(graph, applied);
    let stopping = mismatches.iter().filter_map(|it| match it {
        Mismatch::Edited { id, .. } => Some(id),
        Mismatch::Missing { .. }
        | Mismatch::Gap { .. }
        | Mismatch::History { .. }
        | Mismatch::UnknownScheme { .. } => None,
    });
    let stopping: Vec<&RevisionId> = stopping.collect();
    let edits = edits(graph, applied);
    let is_edited = |id: &RevisionId| edits.iter().any(|it| it.id == *id);
    let is_accepted = |id: &RevisionId| match ids {
        [] => is_edited(id),
        _ => ids.contains(id) && (is_edited(id) || stopping.contains(&id)),
    };
    graph.iter().map(Revision::id).filter(|it| is_accepted(it)).cloned().collect()
}

/// The rows of accepted files, and the chains of all that build on them.
fn amended(graph: &Graph, applied: &Applied, accepted: &[RevisionId]) -> Vec<AppliedRow> {
    let touched = graph.descendants(accepted);
    let rows = touched.iter().filter_map(|id| {
        let row = applied.get(id).filter(|it| it.state == State::Applied)?;
        let checksum = match accepted.contains(id) {
            true => Recorded::Files(graph.checksum(id)?.clone()),
            // The next run writes it as a whole.
            false if row.checksum.is_older() => return None,
            false => row.checksum.clone(),
        };
        Some(AppliedRow { checksum, chain: graph.chain(id)?.clone(), ..row.clone() })
    });
    rows.collect()
}
