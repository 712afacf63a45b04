//! A summary of the database: current, pending, interrupted and edited revisions.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::config::DatabasePlace;
use crate::ledger::{Applied, AppliedRow, BatchProgress, Direction, State, edits, verify};
use crate::recall::health::HealthProblem;
use crate::revision::graph::Graph;
use crate::revision::id::RevisionId;
use crate::runner::{PendingRevision, Unfinished};

use super::failure::Failure;
use super::{Project, health, ledger};

/// A summary of the database.
#[derive(Debug, Serialize)]
pub struct StatusReport {
    /// Its address without the password, or the directory of the embedded one.
    pub database: String,
    /// The completely applied revisions that no other one revises.
    pub current: Vec<String>,
    /// The heads of the revisions.
    pub heads: Vec<String>,
    /// How many revisions are applied completely.
    pub applied: usize,
    /// The revisions that are not applied.
    pub pending: Vec<PendingRevision>,
    /// The revisions that were interrupted.
    pub interrupted: Vec<InterruptedRevision>,
    /// How the files differ from what was applied, in statements or in parents.
    pub mismatches: Vec<String>,
    /// Files whose comments or headers were edited after they were applied.
    pub edited: Vec<String>,
    /// What is wrong with the vector indexes of a server.
    pub vector_indexes: Vec<HealthProblem>,
}

/// A revision that was interrupted.
#[derive(Debug, Serialize)]
pub struct InterruptedRevision {
    /// Its id.
    pub id: String,
    /// `applying` or `reverting`.
    pub state: &'static str,
    /// How many of its parts are done.
    pub done: usize,
    /// How many parts it has.
    pub of: usize,
    /// The command that finishes it.
    pub command: &'static str,
    /// The statement outside of a transaction in which it was interrupted.
    pub statement: Option<InterruptedStatement>,
    /// The UPDATE in batches in which it was interrupted.
    pub batches: Option<InterruptedBatches>,
}

/// How far an UPDATE in batches is.
#[derive(Debug, Serialize)]
pub struct InterruptedBatches {
    /// Its line in the file.
    pub line: usize,
    /// How many rows were updated.
    pub rows: u64,
    /// The columns of the key.
    pub by: Vec<String>,
    /// The last key that is done.
    pub last: Vec<String>,
    /// Both, as text.
    #[serde(skip)]
    pub reached: String,
}

/// A statement outside of a transaction that was interrupted.
#[derive(Debug, Serialize)]
pub struct InterruptedStatement {
    /// `CREATE INDEX CONCURRENTLY`, `CALL`, …
    pub kind: &'static str,
    /// Its line in the file.
    pub line: usize,
    /// Whether it is unknown how it ended.
    pub open: bool,
    /// What it may have left that is not looked for, or cannot be found.
    pub may_have_left: Option<&'static str>,
    /// What it left.
    pub left: Vec<LeftObject>,
}

/// Something that an interrupted statement left.
#[derive(Debug, Serialize)]
pub struct LeftObject {
    /// The object, and in what way it is incomplete.
    pub what: String,
    /// The statement with which the next run begins; none if the object is not of this revision.
    pub clear: Option<String>,
    /// The backend that is still working on it.
    pub busy: Option<i32>,
}

impl StatusReport {
    /// Whether no revision was interrupted, and all files are as they were applied.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.mismatches.is_empty() && self.interrupted.is_empty()
    }
}

impl Project {
    /// A summary of the configured database.
    ///
    /// # Errors
    /// Mistakes in the revisions, or when the database does not answer.
    pub async fn status(&self) -> Result<StatusReport, Failure> {
        let graph = self.workspace.graph()?;
        let connection = ledger::connect(self).await?;
        let read = ledger::read_with_unfinished(self, &connection.connection).await;
        let vector_indexes = match &read {
            Ok(_) => health::of(self, &connection.connection).await,
            Err(_) => Vec::new(),
        };
        connection.close().await;
        let (applied, unfinished) = read?;
        let database = match &self.workspace.database().place.value {
            DatabasePlace::Server(address) => address.to_string(),
            DatabasePlace::Embedded(path) => format!("embedded, in {}", path.display()),
        };
        Ok(StatusReport { vector_indexes, ..report(database, &graph, &applied, &unfinished) })
    }
}

fn report(
    database: String,
    graph: &Graph,
    applied: &Applied,
    unfinished: &BTreeMap<RevisionId, Unfinished>,
) -> StatusReport {
    let pending = graph.iter().filter(|it| applied.get(it.id()).is_none()).map(PendingRevision::of);
    let interrupted = applied
        .iter()
        .filter(|it| it.state != State::Applied)
        .map(|it| interrupted(it, unfinished.get(&it.id)));
    StatusReport {
        database,
        current: ledger::reached(graph, applied).iter().map(ToString::to_string).collect(),
        heads: graph.heads().iter().map(ToString::to_string).collect(),
        applied: applied.iter().filter(|it| it.state == State::Applied).count(),
        pending: pending.collect(),
        interrupted: interrupted.collect(),
        mismatches: verify(graph, applied).iter().map(ToString::to_string).collect(),
        edited: edits(graph, applied).iter().map(ToString::to_string).collect(),
        vector_indexes: Vec::new(),
    }
}

fn interrupted(row: &AppliedRow, unfinished: Option<&Unfinished>) -> InterruptedRevision {
    InterruptedRevision {
        id: row.id.to_string(),
        state: row.state.as_str(),
        done: row.progress.done,
        of: row.progress.of,
        command: match row.state {
            State::Reverting => Direction::Down.command(),
            State::Applying | State::Applied => Direction::Up.command(),
        },
        statement: unfinished.map(statement),
        batches: row.progress.batch.as_ref().map(batches),
    }
}

fn batches(it: &BatchProgress) -> InterruptedBatches {
    InterruptedBatches {
        line: it.line,
        rows: it.rows,
        by: it.by.clone(),
        last: it.last.clone(),
        reached: it.reached(),
    }
}

fn statement(it: &Unfinished) -> InterruptedStatement {
    let left = it.left.iter().flatten().map(|it| LeftObject {
        what: it.to_string(),
        clear: it.clear.clone(),
        busy: it.busy,
    });
    InterruptedStatement {
        kind: it.kind.as_str(),
        line: it.line,
        open: it.is_open,
        may_have_left: if it.kind.is_found() { None } else { it.kind.may_leave() },
        left: left.collect(),
    }
}
