//! Whether a run may lose the data that it loses. It is decided before anything runs, under the lock.
//!
//! An upgrade needs the consent of each revision's header. A downgrade needs that of whoever runs it, where rows
//! are there that it loses.

use std::fmt;

use thiserror::Error;
use tokio_postgres::Client;
use tokio_postgres::types::Type;

use crate::ledger::{Direction, RevisionStep};
use crate::model::ident::Ident;
use crate::report::count;
use crate::revision::checksum::Side;
use crate::revision::consent::not_allowed;
use crate::revision::graph::Graph;
use crate::revision::id::RevisionId;
use crate::revision::loss::{Loss, shown_list};

use super::{RunError, RunSettings};

/// More rows than this are not counted: whoever is asked does not need the number, and waits for it.
const MOST_ROWS: i64 = 1_000_000;

/// A run that would lose data without consent. Nothing was run.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Unconsented {
    /// Revisions lose data that their headers do not allow.
    #[error("{}", shown_up(.revisions))]
    Up {
        /// Each with what it does not allow.
        revisions: Vec<(RevisionId, Vec<Loss>)>,
    },
    /// A downgrade loses data that is there.
    #[error("the downgrade loses data: {}", .losses.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))]
    Down {
        /// What it loses.
        losses: Vec<LiveLoss>,
    },
    /// Nobody knows what revisions lose: they have no valid proof, and statements that may lose data.
    #[error("it is not known which data {} would lose: {}", .direction.command(), shown_ids(.revisions))]
    Unknown {
        /// Up or down.
        direction: Direction,
        /// The revisions.
        revisions: Vec<RevisionId>,
    },
}

/// Data of a database that a run loses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveLoss {
    /// What is lost.
    pub loss: Loss,
    /// How many rows or values there are; None where they could not be counted.
    pub rows: Option<i64>,
}

impl fmt::Display for LiveLoss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { loss, rows } = self;
        let has_rows = in_column(loss).is_none() && !loss.as_str().contains("sequence ");
        let what = if has_rows { "row" } else { "value" };
        match rows {
            Some(rows) if *rows > MOST_ROWS => write!(f, "{loss} (more than {MOST_ROWS} {what}s)"),
            Some(rows) => {
                let rows = usize::try_from(*rows).unwrap_or_default();
                write!(f, "{loss} ({})", count(rows, what))
            }
            None => write!(f, "{loss}"),
        }
    }
}

fn shown_up(revisions: &[(RevisionId, Vec<Loss>)]) -> String {
    let shown = |(id, losses): &(RevisionId, Vec<Loss>)| {
        format!("revision {id} loses data that its header does not allow: {}", shown_list(losses))
    };
    revisions.iter().map(shown).collect::<Vec<_>>().join("; ")
}

fn shown_ids(ids: &[RevisionId]) -> String {
    let ids: Vec<_> = ids.iter().map(|it| format!("revision {it}")).collect();
    ids.join(", ")
}

/// Whether steps may run, by what revisions say and what was measured. What a downgrade loses is returned: whether
/// there is any of it, only the database tells.
///
/// # Errors
/// Revisions without consent, and those of which nothing is known.
pub(super) fn decide(
    steps: &[RevisionStep],
    graph: &Graph,
    settings: &RunSettings,
) -> Result<Vec<Loss>, Unconsented> {
    let (mut unknown, mut open, mut down) = (Vec::new(), Vec::new(), Vec::new());
    let mut direction = Direction::Up;
    for step in steps {
        let (revision, id) = (&step.revision, step.revision.id());
        direction = step.direction;
        let side = direction.side();
        match settings.consent.losses(graph, revision, side, &settings.variables) {
            None if settings.consent.unmeasured => {}
            None => unknown.push(id.clone()),
            Some(losses) if side == Side::Down => down.extend(losses),
            Some(losses) => {
                let losses = not_allowed(revision, &losses);
                open.extend((!losses.is_empty()).then(|| (id.clone(), losses)));
            }
        }
    }
    if !open.is_empty() {
        return Err(Unconsented::Up { revisions: open });
    }
    if !unknown.is_empty() {
        return Err(Unconsented::Unknown { direction, revisions: unknown });
    }
    if settings.consent.downgrade {
        down.clear();
    }
    down.sort();
    down.dedup();
    Ok(down)
}

/// As [`decide`], for a database.
///
/// # Errors
/// As there, and a downgrade that loses rows.
pub(super) async fn check(
    client: &Client,
    steps: &[RevisionStep],
    graph: &Graph,
    settings: &RunSettings,
    is_first: bool,
) -> Result<(), RunError> {
    let losses = match decide(steps, graph, settings) {
        Ok(losses) => losses,
        // Where no revision was ever applied and no table has a row, nothing can be lost. It is not asked before it
        // matters: the size of a table is not told while others hold ACCESS EXCLUSIVE on it.
        Err(_)
            if is_first && is_rowless(client, &settings.ledger_schema).await.unwrap_or(false) =>
        {
            return Ok(());
        }
        Err(refused) => return Err(refused.into()),
    };
    let mut live = Vec::new();
    for loss in losses {
        let rows = counted(client, &loss).await;
        if rows != Some(0) {
            live.push(LiveLoss { loss, rows });
        }
    }
    if live.is_empty() { Ok(()) } else { Err(Unconsented::Down { losses: live }.into()) }
}

/// Whether no table has a page, without those of the ledger and of extensions.
///
/// # Errors
/// When the server refuses the query.
pub async fn is_rowless(client: &Client, ledger: &Ident) -> Result<bool, tokio_postgres::Error> {
    let sql = include_str!("queries/rowless.sql");
    let row = client.query_typed_one(sql, &[(&ledger.as_str(), Type::TEXT)]).await?;
    Ok(row.get(0))
}

/// How many rows or values there are of something; None where that cannot be told.
async fn counted(client: &Client, loss: &Loss) -> Option<i64> {
    if let Some((table, column)) = in_column(loss) {
        // A later revision, which is reverted before, may have given the column another name.
        return match rows(client, table).await? {
            0 => Some(0),
            _ => rows(client, &format!("{table} WHERE {column} IS NOT NULL")).await,
        };
    }
    let named = |kinds: &[&str]| kinds.iter().find_map(|it| loss.as_str().strip_prefix(it));
    if let Some(table) = named(&["table ", "rows of table ", "materialized view "]) {
        return rows(client, table).await;
    }
    // A sequence that was never asked for a value has none to lose.
    let sequence = named(&["sequence ", "current value of sequence "])?;
    rows(client, &format!("{sequence} WHERE is_called")).await
}

/// How many rows there are, up to a limit; None where the server refuses to say.
async fn rows(client: &Client, from: &str) -> Option<i64> {
    // A name without a schema is one of `public`, whatever the project's search path is.
    let begin = "BEGIN TRANSACTION READ ONLY; SET LOCAL search_path TO public";
    client.batch_execute(begin).await.ok()?;
    let sql = format!("SELECT count(*) FROM (SELECT FROM {from} LIMIT {}) it", MOST_ROWS + 1);
    let rows = client.query_one(&sql, &[]).await.ok().map(|it| it.get(0));
    client.batch_execute("ROLLBACK").await.ok()?;
    rows
}

/// The table and the column of `column docs.note`, as SQL.
fn in_column(loss: &Loss) -> Option<(&str, &str)> {
    let text = loss.as_str();
    let name = text.strip_prefix("column ").or_else(|| text.strip_prefix("values of column "))?;
    let mut quoted = false;
    let last = name.char_indices().filter(|(_, it)| {
        quoted ^= *it == '"';
        *it == '.' && !quoted
    });
    let at = last.last()?.0;
    Some((&name[..at], &name[at + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart() {
        let of = |text: &str| {
            let loss = Loss::named(text);
            in_column(&loss).map(|(table, column)| (table.to_owned(), column.to_owned()))
        };
        let both = |table: &str, column: &str| Some((table.to_owned(), column.to_owned()));
        assert_eq!(of("column docs.note"), both("docs", "note"));
        assert_eq!(of("values of column shop.\"a.b\".\"c.d\""), both("shop.\"a.b\"", "\"c.d\""));
        assert_eq!(of("table docs"), None);
    }

    #[test]
    fn losses_are_shown_with_their_rows() {
        let shown = |text: &str, rows| LiveLoss { loss: Loss::named(text), rows }.to_string();
        assert_eq!(shown("table docs", Some(1)), "table docs (1 row)");
        assert_eq!(shown("column docs.note", Some(7)), "column docs.note (7 values)");
        assert_eq!(shown("table docs", Some(MOST_ROWS + 1)), "table docs (more than 1000000 rows)");
        assert_eq!(shown("sequence s", None), "sequence s");
    }
}
