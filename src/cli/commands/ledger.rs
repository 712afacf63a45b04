//! What several commands ask the ledger.

use crate::connection::ignore_notices;
use crate::ledger::store::Store;
use crate::ledger::{Applied, State};
use crate::revision::graph::Graph;
use crate::revision::id::RevisionId;

use super::super::Context;
use super::super::failure::Failure;
use super::running::tell_place;

/// What to do about edited comments and headers.
pub(super) const ACCEPT_EDITS: &str =
    "edited comments and headers, and new down files, stop no run; `aludel repair` accepts them";

/// The ledger of the configured database.
pub(super) async fn read(context: &Context) -> Result<Applied, Failure> {
    tell_place(context);
    let database = context
        .workspace
        .connect(ignore_notices())
        .await
        .map_err(|it| context.workspace_failure(it))?;
    let store = Store::new(context.workspace.ledger_namespace());
    let applied = store.read(&database.connection).await;
    database.close().await;
    applied.map_err(|error| Failure::of_ledger(&error))
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
