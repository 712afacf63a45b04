//! What an interrupted statement outside of a transaction left. The objects that existed before are
//! recorded in the events of the ledger; from that the next run finds new, unfinished objects, and
//! removes or finishes them.
//!
//! The queries decide, so that the script of `--sql` decides in the same way.

use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Row};

use super::segment::digest;
use super::stop::Stop;
use super::{Cause, Left, Progress, RunError, RunFailure, Runner, Script};
use crate::ledger::{AppliedRow, Direction, State};
use crate::ledger_tables::{Store, StoreError};
use crate::model::ident::Ident;
use crate::sql_text::{OutsideKind, ScriptStatement};

/// The objects before a statement, as a note.
pub(super) const BEFORE: &str = include_str!("queries/before.sql");
/// What a recorded statement left.
pub(super) const LEFT: &str = include_str!("queries/left.sql");
/// Whether a statement that was noted is done.
pub(super) const FINISHED: &str = include_str!("queries/finished.sql");

/// CONCURRENTLY waits for the end of every older transaction. While it does, neither readers nor
/// writers wait behind it, and giving up would throw the index away: so it waits as long as it
/// takes.
pub(super) const WAIT_FOR_LOCKS: &str = "SET lock_timeout = 0";

/// A statement outside of a transaction that did not come to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfinished {
    /// What it does.
    pub kind: OutsideKind,
    /// Its line in its file, counted from one.
    pub line: usize,
    /// Whether nobody knows how it ended.
    pub is_open: bool,
    /// Objects that an unfinished statement left; None if they could not be read.
    pub left: Option<Vec<Leftover>>,
}

impl Unfinished {
    /// Why work stopped, with what the statement left that it ended in.
    pub(super) fn told_in(self, mut stop: Stop) -> Stop {
        if let Some(failure) = stop.failure_mut() {
            failure.unfinished = Some(self);
        }
        stop
    }

    /// Whether nothing of it is left, for certain.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        let is_clean = self.left.iter().flatten().all(|it| it.clear.is_none());
        self.left.is_some() && is_clean && self.kind.is_all_found()
    }
}

/// Something half-done in the catalog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leftover {
    /// The invalid index, or the partition whose detach is pending, as SQL.
    pub object: String,
    /// Its table.
    pub table: String,
    /// Whether it is a partition.
    pub is_partition: bool,
    /// The statement that clears it away or finishes it; None where it was there before, and is left
    /// alone.
    pub clear: Option<String>,
    /// The backend that is still working on it.
    pub busy: Option<i32>,
}

impl Leftover {
    fn of(row: &Row) -> Self {
        Self {
            object: row.get("object"),
            table: row.get("relation"),
            is_partition: row.get("is_partition"),
            clear: row.get("clear"),
            busy: row.get("busy"),
        }
    }
}

impl std::fmt::Display for Leftover {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { object, table, .. } = self;
        match self.is_partition {
            true => write!(f, "partition {object} of table {table}, its detach pending"),
            false => write!(f, "invalid index {object} of table {table}"),
        }
    }
}

/// What the interrupted statement of a revision left, as its row in the ledger and the note of the
/// statement say; None where no statement outside of a transaction was interrupted.
///
/// # Errors
/// When the server refuses.
pub async fn unfinished(
    client: &Client,
    ledger_schema: &Ident,
    row: &AppliedRow,
) -> Result<Option<Unfinished>, StoreError> {
    let direction = match row.state {
        State::Applied => return Ok(None),
        State::Applying => Direction::Up,
        State::Reverting => Direction::Down,
    };
    let store = Store::new(ledger_schema.clone());
    let Some(note) = store.begun(client, &row.id, direction, row.progress.done + 1).await? else {
        return Ok(None);
    };
    let Some((kind, line)) = read(&note) else { return Ok(None) };
    let rows = client.query_typed(LEFT, &[(&note, Type::TEXT)]).await;
    let rows = rows.map_err(|it| store.error("read", it))?;
    let left = Some(rows.iter().map(Leftover::of).collect());
    Ok(Some(Unfinished { kind, line, is_open: row.progress.open, left }))
}

/// The kind and the line of a note.
fn read(note: &str) -> Option<(OutsideKind, usize)> {
    let note: serde_json::Value = serde_json::from_str(note).ok()?;
    let line = note.get("line")?.as_u64().and_then(|it| usize::try_from(it).ok())?;
    Some((OutsideKind::parse(note.get("begins")?.as_str()?)?, line))
}

/// The values of [`BEFORE`].
pub(super) struct Before {
    pub(super) kind: OutsideKind,
    pub(super) name: String,
    pub(super) second: String,
    pub(super) part: i32,
    pub(super) line: i32,
    pub(super) digest: String,
}

impl Before {
    /// Those of the statement of a segment.
    pub(super) fn of(script: &Script, at: usize, statement: &ScriptStatement) -> Self {
        let outside = statement.outside();
        let number = |it| i32::try_from(it).unwrap_or(i32::MAX);
        Self {
            kind: outside.kind,
            name: outside.name,
            second: outside.second,
            part: number(at + 1),
            line: number(statement.line),
            digest: digest(&script.segments[at..=at]),
        }
    }
}

/// Whether a segment was tried before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Earlier {
    /// Whether there was one, by this run or by another.
    pub(super) is_there: bool,
    /// Whether nobody knows how it ended.
    pub(super) is_open: bool,
}

impl Runner<'_> {
    /// The note of the statement that was begun last, if it is that of this segment.
    pub(super) async fn begun(
        &self,
        script: &Script,
        at: usize,
    ) -> Result<Option<String>, RunError> {
        let (id, direction) = (script.step.revision.id(), script.step.direction);
        Ok(self.store.begun(self.client, id, direction, at + 1).await?)
    }

    /// The objects before a statement.
    pub(super) async fn before(&self, before: &Before) -> Result<String, RunError> {
        let Before { kind, name, second, part, line, digest } = before;
        let values: [(&(dyn ToSql + Sync), Type); 6] = [
            (&kind.as_str(), Type::TEXT),
            (name, Type::TEXT),
            (second, Type::TEXT),
            (part, Type::INT4),
            (line, Type::INT4),
            (digest, Type::TEXT),
        ];
        let row = self.client.query_typed_one(BEFORE, &values).await;
        Ok(row.map_err(RunError::Server)?.get("note"))
    }

    async fn left(&self, note: &str) -> Result<Vec<Leftover>, RunError> {
        let rows = self.client.query_typed(LEFT, &[(&note, Type::TEXT)]).await;
        Ok(rows.map_err(RunError::Server)?.iter().map(Leftover::of).collect())
    }

    async fn finished(&self, note: &str, open: bool, digest: &str) -> Result<bool, RunError> {
        let values: [(&(dyn ToSql + Sync), Type); 3] =
            [(&note, Type::TEXT), (&open, Type::BOOL), (&digest, Type::TEXT)];
        let row = self.client.query_typed_one(FINISHED, &values).await;
        Ok(row.map_err(RunError::Server)?.get("finished"))
    }

    /// Clears away what an earlier try left half-done, or finishes it.
    pub(super) async fn clear(
        &mut self,
        script: &Script,
        statement: Option<&ScriptStatement>,
        note: &str,
        left: Left,
    ) -> Result<(), Stop> {
        for it in self.left(note).await? {
            let Some(clear) = &it.clear else {
                if it.busy.is_none() {
                    self.tell(Progress::LeftAlone { left: &it });
                }
                continue;
            };
            if self.is_interrupted() || it.busy.is_some() {
                let cause = it.busy.map_or(Cause::Interrupted, |pid| Cause::IndexBusy { pid });
                let failure = RunFailure::new(script, statement, cause, None, left);
                return Err(Stop::Fail(RunError::Failed(Box::new(failure))));
            }
            self.tell(Progress::Clearing { left: &it });
            if !it.is_partition {
                self.client.batch_execute(WAIT_FOR_LOCKS).await.map_err(RunError::Server)?;
            }
            let cleared = self.send(clear).await;
            let statement = statement.map(|it| (it, ""));
            cleared.map_err(|it| self.stop(script, statement, &it, left))?;
        }
        Ok(())
    }

    /// Clears the way for a statement. Gives what is there now, as a note, or None where the earlier
    /// try came to its end, or has done so now.
    pub(super) async fn clear_way(
        &mut self,
        script: &Script,
        (at, statement): (usize, &ScriptStatement),
        (noted, open): (Option<String>, bool),
        left: Left,
    ) -> Result<Option<String>, Stop> {
        let before = Before::of(script, at, statement);
        let now = self.before(&before).await?;
        let is_resumed = noted.is_some() || open;
        let note = noted.as_ref().unwrap_or(&now);
        if let Err(stop) = self.clear(script, Some(statement), note, left).await {
            return Err(self.look_back(statement, note).await.told_in(stop));
        }
        let is_done = is_resumed && self.finished(note, open, &before.digest).await?;
        Ok((!is_done).then_some(now))
    }

    /// What a statement left that was refused, where the server still answers.
    pub(super) async fn look_back(&self, statement: &ScriptStatement, note: &str) -> Unfinished {
        let is_open = self.client.is_closed();
        let left = if is_open { None } else { self.left(note).await.ok() };
        Unfinished { kind: statement.outside().kind, line: statement.line, is_open, left }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_say_what_was_begun() {
        let note = r#"{"begins": "DROP INDEX CONCURRENTLY", "line": 7, "part": 2}"#;
        assert_eq!(read(note), Some((OutsideKind::DropIndex, 7)));
        for other in ["", "{}", "entered", r#"{"begins": "what?", "line": 7}"#] {
            assert_eq!(read(other), None, "{other}");
        }
    }

    #[test]
    fn leftovers_are_named() {
        let mut left = Leftover {
            object: "s.i".into(),
            table: "s.t".into(),
            is_partition: false,
            clear: None,
            busy: None,
        };
        assert_eq!(left.to_string(), "invalid index s.i of table s.t");
        left.is_partition = true;
        assert_eq!(left.to_string(), "partition s.i of table s.t, its detach pending");
    }
}
