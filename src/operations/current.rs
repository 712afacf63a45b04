//! The revisions that the database is at.

use serde::Serialize;

use crate::ledger::State;

use super::failure::Failure;
use super::{Project, ledger};

/// The revisions that the database is at: those that it has, without those that they revise.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct CurrentReport {
    /// The revisions, one for each branch.
    pub revisions: Vec<CurrentRevision>,
    /// The heads that are not applied, or only in part.
    #[serde(skip)]
    pub missing: Vec<String>,
}

/// A revision that the database is at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CurrentRevision {
    /// Its id.
    pub id: String,
    /// Its message when it was applied.
    pub message: String,
    /// Whether no revision revises it.
    pub head: bool,
    /// `applied`, or what was interrupted: `applying`, `reverting`.
    pub state: &'static str,
    /// When it was applied.
    pub applied_at: String,
    /// The role that applied it.
    pub applied_by: String,
    /// The path of its up file; none if the file is missing.
    pub file: Option<String>,
}

impl CurrentRevision {
    /// Whether it is applied completely.
    #[must_use]
    pub fn is_applied(&self) -> bool {
        self.state == State::Applied.as_str()
    }
}

impl Project {
    /// The revisions that the configured database is at.
    ///
    /// # Errors
    /// Mistakes in the revisions, or when the database does not answer.
    pub async fn current(&self) -> Result<CurrentReport, Failure> {
        let graph = self.workspace.graph()?;
        let applied = ledger::read(self).await?;
        let heads = graph.heads();
        let rows = ledger::current(&graph, &applied);
        let rows = rows.into_iter().filter_map(|id| applied.get(&id).map(|row| (id, row)));
        let revisions = rows.map(|(id, row)| CurrentRevision {
            message: row.message.clone(),
            head: heads.contains(&&id),
            state: row.state.as_str(),
            applied_at: row.applied_at.clone(),
            applied_by: row.applied_by.clone(),
            file: graph.get(&id).map(|it| it.up.path.display().to_string()),
            id: id.to_string(),
        });
        let is_missing = |id| applied.get(id).is_none_or(|it| it.state != State::Applied);
        let missing = heads.iter().filter(|id| is_missing(id)).map(ToString::to_string);
        Ok(CurrentReport { revisions: revisions.collect(), missing: missing.collect() })
    }
}
