//! Indexes that an interrupted CONCURRENTLY left behind: found, judged, cleared away.

use tokio_postgres::types::Type;

use super::{RunError, Runner};
use crate::sql_text::ConcurrentIndex;

/// An index that has the name that a statement is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FoundIndex {
    /// Its name as SQL.
    name: String,
    /// Whether queries can use it.
    valid: bool,
    /// The backend that is building it.
    builder: Option<i32>,
}

/// What to do about a CONCURRENTLY statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Decision {
    /// Run it.
    Run,
    /// Drop the invalid index first, then run it.
    DropFirst(String),
    /// An earlier run did it, and ended before it could say so.
    Done,
    /// Another session is building the index.
    Busy(i32),
}

/// Judges a statement by the index that is there and by whether an earlier run began it without
/// learning how it ended.
pub(super) fn decide(
    statement: &ConcurrentIndex,
    found: Option<FoundIndex>,
    begun: bool,
) -> Decision {
    match (statement, found) {
        (ConcurrentIndex::Create { .. }, Some(index)) => match index {
            FoundIndex { valid: true, .. } if begun => Decision::Done,
            FoundIndex { valid: true, .. } => Decision::Run,
            FoundIndex { builder: Some(pid), .. } => Decision::Busy(pid),
            FoundIndex { name, .. } => Decision::DropFirst(name),
        },
        (ConcurrentIndex::Drop { .. }, None) if begun => Decision::Done,
        (ConcurrentIndex::Create { .. }, None)
        | (ConcurrentIndex::Drop { .. }, _)
        | (ConcurrentIndex::Other, _) => Decision::Run,
    }
}

impl Runner<'_> {
    /// Looks for the index that a statement is about.
    pub(super) async fn find_index(
        &self,
        statement: &ConcurrentIndex,
    ) -> Result<Option<FoundIndex>, RunError> {
        let row = match statement {
            ConcurrentIndex::Create { name, table } => {
                let sql = include_str!("queries/index_of_table.sql");
                self.client.query_typed_opt(sql, &[(name, Type::TEXT), (table, Type::TEXT)]).await
            }
            ConcurrentIndex::Drop { index } => {
                let sql = "SELECT pg_catalog.to_regclass($1)::text AS name, true AS valid, \
                           NULL::integer AS builder WHERE pg_catalog.to_regclass($1) IS NOT NULL";
                self.client.query_typed_opt(sql, &[(index, Type::TEXT)]).await
            }
            ConcurrentIndex::Other => return Ok(None),
        };
        Ok(row.map_err(RunError::Server)?.map(|it| FoundIndex {
            name: it.get("name"),
            valid: it.get("valid"),
            builder: it.get("builder"),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn create() -> ConcurrentIndex {
        ConcurrentIndex::Create { name: "i".into(), table: "t".into() }
    }

    fn found(valid: bool, builder: Option<i32>) -> Option<FoundIndex> {
        Some(FoundIndex { name: "i".into(), valid, builder })
    }

    #[test]
    fn builds() {
        assert_eq!(decide(&create(), None, true), Decision::Run);
        assert_eq!(decide(&create(), found(false, None), true), Decision::DropFirst("i".into()));
        assert_eq!(decide(&create(), found(false, None), false), Decision::DropFirst("i".into()));
        assert_eq!(decide(&create(), found(false, Some(7)), false), Decision::Busy(7));
        assert_eq!(decide(&create(), found(true, None), true), Decision::Done);
        // An index of that name from elsewhere: the server says so.
        assert_eq!(decide(&create(), found(true, None), false), Decision::Run);
    }

    #[test]
    fn drops() {
        let drop = ConcurrentIndex::Drop { index: "i".into() };
        assert_eq!(decide(&drop, None, true), Decision::Done);
        assert_eq!(decide(&drop, None, false), Decision::Run);
        assert_eq!(decide(&drop, found(true, None), true), Decision::Run);
        assert_eq!(decide(&ConcurrentIndex::Other, None, true), Decision::Run);
    }
}
