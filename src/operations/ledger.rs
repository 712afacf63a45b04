//! Reading the ledger, for several commands.

use std::collections::BTreeMap;

use tokio_postgres::Client;

use crate::connection::ignore_notices;
use crate::ledger::{Applied, State};
use crate::ledger_tables::{Store, StoreError};
use crate::revision::graph::Graph;
use crate::revision::id::RevisionId;
use crate::runner::{Unfinished, unfinished};
use crate::workspace::Database;

use super::Project;
use super::failure::Failure;

/// The ledger of the configured database.
pub(crate) async fn read(project: &Project) -> Result<Applied, Failure> {
    let database = connect(project).await?;
    let store = Store::new(project.workspace.ledger_namespace());
    let applied = store.read(&database.connection).await;
    database.close().await;
    Ok(applied?)
}

/// The ledger of a database, and what its interrupted revisions have left there.
pub(crate) async fn read_with_unfinished(
    project: &Project,
    client: &Client,
) -> Result<(Applied, BTreeMap<RevisionId, Unfinished>), StoreError> {
    let schema = project.workspace.ledger_namespace();
    let applied = Store::new(schema.clone()).read(client).await?;
    let mut left = BTreeMap::new();
    for row in applied.iter() {
        if let Some(it) = unfinished(client, &schema, row).await? {
            left.insert(row.id.clone(), it);
        }
    }
    Ok((applied, left))
}

/// A session of the configured database, which is told where it is the embedded one.
pub(crate) async fn connect(project: &Project) -> Result<Database, Failure> {
    project.tell_place();
    let database = project.workspace.connect(ignore_notices()).await;
    Ok(database?)
}

/// The revisions that are in the database whole and that no such one builds on.
pub(crate) fn reached(graph: &Graph, applied: &Applied) -> Vec<RevisionId> {
    let whole = applied.iter().filter(|it| it.state == State::Applied).cloned().collect();
    current(graph, &whole)
}

/// The applied revisions that no applied one builds on.
pub(crate) fn current(graph: &Graph, applied: &Applied) -> Vec<RevisionId> {
    let rows = applied.iter().filter(|row| {
        let followed = applied.iter().any(|other| other.parents.contains(&row.id));
        !followed && !graph.children(&row.id).any(|child| applied.holds(child))
    });
    rows.map(|row| row.id.clone()).collect()
}
