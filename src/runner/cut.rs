//! A revision cut into segments, as it says itself or as few as there can be.

use super::block::{self, BlockError, Mistake};
use super::segment::{Segment, by_itself, segments};
use crate::revision::file::TransactionMode;
use crate::sql_text::ScriptStatement;

/// Cuts a revision as its header and its blocks want it: every statement by itself, the transactions that
/// are written down, or as few as PostgreSQL allows.
pub(super) fn segments_of(
    mode: TransactionMode,
    statements: Vec<ScriptStatement>,
) -> Result<Vec<Segment>, Mistake> {
    let control = statements.iter().find(|it| it.is_transaction_control());
    match (mode, control) {
        (TransactionMode::None, Some(it)) => {
            let kind = BlockError::TransactionNone { statement: it.text.clone() };
            Err(Mistake { line: it.line, kind })
        }
        (TransactionMode::Usual, Some(_)) => block::segments(statements),
        (TransactionMode::None, None) if !statements.is_empty() => {
            Ok(statements.into_iter().map(by_itself).collect())
        }
        (TransactionMode::None | TransactionMode::Usual, None) => Ok(segments(statements)),
    }
}
