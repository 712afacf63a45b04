//! What several commands ask the ledger.

use std::collections::BTreeMap;

use crate::connection::ignore_notices;
use crate::ledger_tables::{Store, StoreError};
use crate::ledger::{Applied, State};
use crate::revision::graph::Graph;
use crate::revision::id::RevisionId;
use crate::runner::{Unfinished, unfinished};
use crate::workspace::Database;

use super::super::Context;
use super::super::failure::Failure;
use super::running::tell_place;

/// What to do about edited comments and headers.
pub(super) const ACCEPT_EDITS: &str =
    "edited comments and headers, and new down files, stop no run; `aludel repair` accepts them";

/// The ledger of the configured database.
pub(super) async fn read(context: &Context) -> Result<Applied, Failure> {
    let database = connect(context).await?;
    let store = Store::new(context.workspace.ledger_namespace());
    let applied = store.read(&database.connection).await;
    database.close().await;
    applied.map_err(|error| Failure::of_ledger(&error))
}

/// The ledger of the configured database, and what its interrupted revisions have left there.
pub(super) async fn read_with_unfinished(
    context: &Context,
) -> Result<(Applied, BTreeMap<RevisionId, Unfinished>), Failure> {
    let database = connect(context).await?;
    let schema = context.workspace.ledger_namespace();
    let read = async {
        let applied = Store::new(schema.clone()).read(&database.connection).await?;
        let mut left = BTreeMap::new();
        for row in applied.iter() {
            if let Some(it) = unfinished(&database.connection, &schema, row).await? {
                left.insert(row.id.clone(), it);
            }
        }
        Ok::<_, StoreError>((applied, left))
    };
    let read = read.await;
    database.close().await;
    read.map_err(|error| Failure::of_ledger(&error))
}

async fn connect(context: &Context) -> Result<Database, Failure> {
    tell_place(context);
    let database = context.workspace.connect(ignore_notices()).await;
    database.map_err(|it| context.workspace_failure(it))
}

/// The revisions that are in the database whole and that no such one builds on.
pub(super) fn reached(graph: &Graph, applied: &Applied) -> Vec<RevisionId> {
    let whole = applied.iter().filter(|it| it.state == State::Applied).cloned().collect();
    current(graph, &whole)
}

/// The applied revisions that no applied one builds on.
pub(super) fn current(graph: &Graph, applied: &Applied) -> Vec<RevisionId> {
    let rows = applied.iter().filter(|row| {
        let followed = applied.iter().any(|other| other.parents.contains(&row.id));
        !followed && !graph.children(&row.id).any(|child| applied.holds(child))
    });
    rows.map(|row| row.id.clone()).collect()
}
