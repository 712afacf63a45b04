//! A failed run: the error of the server, its location in a file, and what is left.

use std::path::PathBuf;
use std::time::Duration;

use thiserror::Error;
use tokio_postgres::error::{DbError, ErrorPosition};

use super::batch_error::BatchError;
use super::holder::Holder;
use super::script::Script;
use super::unfinished::Unfinished;
use crate::ledger::{BatchProgress, Direction};
use crate::revision::id::RevisionId;
use crate::sql_text::{ScriptStatement, line_ends};

/// A revision that did not come to its end.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}{}: {cause}", path.display(), self.shown_place())]
pub struct RunFailure {
    /// The revision.
    pub id: RevisionId,
    /// Which way it was going.
    pub direction: Direction,
    /// The file that was run.
    pub path: PathBuf,
    /// The place in it; None when the commit failed.
    pub place: Option<FailurePlace>,
    /// The statement, as it stands in the file.
    pub statement: Option<String>,
    /// Why.
    pub cause: Cause,
    /// Who held the lock that it waited for, where that was found out.
    pub blockers: Vec<Holder>,
    /// What is left in the database.
    pub left: Left,
    /// The statement outside of a transaction that it ended in; None where what it ended in was rolled
    /// back.
    pub unfinished: Option<Unfinished>,
    /// How far the statement in batches is that it ended in.
    pub batch: Option<BatchProgress>,
    /// How long it was tried.
    pub duration: Duration,
    /// Whether the failure was added to the events of the ledger. When the connection was lost it
    /// was not; [`super::record`] does it over another one.
    pub recorded: bool,
}

/// A place in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FailurePlace {
    /// The line, counted from one.
    pub line: usize,
    /// The column in characters, counted from one.
    pub column: usize,
}

/// Why a revision failed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Cause {
    /// The server refused.
    #[error("{}", .0.message)]
    Server(ServerMessage),
    /// The connection ended.
    #[error("the connection was lost: {0}")]
    ConnectionLost(String),
    /// Another session builds the index that the statement is to build.
    #[error("the index is being built by another session (pid {pid})")]
    IndexBusy {
        /// The backend that builds it.
        pid: i32,
    },
    /// The statement cannot run in batches here.
    #[error(transparent)]
    Batches(BatchError),
    /// The user stopped it.
    #[error("interrupted")]
    Interrupted,
}

/// What the server said, unchanged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerMessage {
    /// `ERROR`, `FATAL`, `NOTICE`, …
    pub severity: String,
    /// The five characters of the SQLSTATE.
    pub sqlstate: String,
    /// The message.
    pub message: String,
    /// DETAIL.
    pub detail: Option<String>,
    /// HINT.
    pub hint: Option<String>,
    /// CONTEXT.
    pub context: Option<String>,
}

/// What a failed revision leaves in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Left {
    /// Nothing: its transaction was rolled back.
    Nothing,
    /// The segments that were done. The next run continues after them.
    Segments {
        /// How many are done.
        done: usize,
        /// How many there are.
        of: usize,
    },
    /// All of it or nothing: the connection was lost during the commit. The next run finds out.
    Unknown,
}

impl RunFailure {
    /// A failure at a statement of a script, or at its commit.
    pub(super) fn new(
        script: &Script,
        statement: Option<&ScriptStatement>,
        cause: Cause,
        position: Option<u32>,
        left: Left,
    ) -> Self {
        Self {
            id: script.step.revision.id().clone(),
            direction: script.step.direction,
            path: script.file.path.clone(),
            place: statement.map(|it| place(&script.file.text, it, position)),
            statement: statement.map(|it| it.text.clone()),
            cause,
            blockers: Vec::new(),
            left,
            unfinished: None,
            batch: None,
            duration: Duration::ZERO,
            recorded: false,
        }
    }

    /// The place where a statement begins.
    pub(super) fn beginning(script: &Script, statement: &ScriptStatement) -> Option<FailurePlace> {
        Some(place(&script.file.text, statement, None))
    }

    /// The SQLSTATE, where the server gave one.
    #[must_use]
    pub fn sqlstate(&self) -> Option<&str> {
        match &self.cause {
            Cause::Server(message) => Some(&message.sqlstate),
            Cause::ConnectionLost(_)
            | Cause::IndexBusy { .. }
            | Cause::Batches(_)
            | Cause::Interrupted => None,
        }
    }

    fn shown_place(&self) -> String {
        self.place.map_or_else(String::new, |it| format!(":{}:{}", it.line, it.column))
    }
}

impl From<&DbError> for ServerMessage {
    fn from(error: &DbError) -> Self {
        Self {
            severity: error.severity().to_owned(),
            sqlstate: error.code().code().to_owned(),
            message: error.message().to_owned(),
            detail: error.detail().map(str::to_owned),
            hint: error.hint().map(str::to_owned),
            context: error.where_().map(str::to_owned),
        }
    }
}

/// Where in the statement that was sent the server points to. Positions in queries that a function
/// generated are of no use here.
pub(super) fn position(error: &DbError) -> Option<u32> {
    match error.position() {
        Some(ErrorPosition::Original(position)) => Some(*position),
        Some(ErrorPosition::Internal { .. }) | None => None,
    }
}

/// A position in a statement, in characters counted from one, as a place in its file; the beginning
/// of the statement when there is no position.
fn place(file: &str, statement: &ScriptStatement, position: Option<u32>) -> FailurePlace {
    let characters = position.and_then(|it| usize::try_from(it).ok()).unwrap_or(1);
    let offset: usize =
        statement.text.chars().take(characters.saturating_sub(1)).map(char::len_utf8).sum();
    let before = file.get(..statement.span.start + offset).unwrap_or_default();
    let start = before.rfind(['\n', '\r']).map_or(0, |it| it + 1);
    FailurePlace { line: line_ends(before) + 1, column: before[start..].chars().count() + 1 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql_text::split;

    #[track_caller]
    fn check(file: &str, index: usize, position: Option<u32>, line: usize, column: usize) {
        let statement = &split(file).unwrap()[index];
        assert_eq!(place(file, statement, position), FailurePlace { line, column });
    }

    #[test]
    fn positions_become_places() {
        let file = "-- é\nselect 1; select\n  'é', boom;\n";
        check(file, 0, None, 2, 1);
        check(file, 0, Some(8), 2, 8);
        check(file, 1, None, 2, 11);
        check(file, 1, Some(1), 2, 11);
        check(file, 1, Some(15), 3, 8);
        check(file, 1, Some(999), 3, 12);
    }
}
