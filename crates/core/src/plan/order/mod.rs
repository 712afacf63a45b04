//! The statements in order, each with its object.
//!
//! In: the graph. Out: the statements, with those that depend only on the order: saving owners and
//! privileges before the first DROP and restoring them after the last CREATE, bodies of routines
//! that refer to later objects, names that must be free first, and generated names of partitions of
//! indexes.

mod attached_names;
mod between;
mod bodies;
mod carried;

use std::collections::BTreeSet;

use crate::model::object::ObjectId;
use crate::model::snapshot::Snapshot;
use crate::plan::error::PlanError;
use crate::plan::graph::{Edges, Graph, Nodes, nodes};
use crate::plan::statement::Statement;
use crate::plan::topology::order;

/// Puts the nodes of a graph in order. `from` and `to` are the sides as they are, parents and all.
///
/// # Errors
/// A cycle that nothing takes apart.
pub(super) fn arrange(
    mut graph: Graph<'_>,
    from: &Snapshot,
    to: &Snapshot,
    online: bool,
) -> Result<Vec<(ObjectId, Statement)>, PlanError> {
    let (nodes, ordered) = loop {
        let (nodes, edges) = laid_out(&graph, online);
        match order(nodes.keys().cloned(), &edges) {
            Ok(ordered) => break (nodes, ordered),
            Err(cycle) if graph.loosen(&cycle) => {}
            Err(cycle) => {
                let ids: BTreeSet<_> = cycle.into_iter().map(|it| it.id).collect();
                return Err(PlanError::Cycle { ids: ids.into_iter().collect() });
            }
        }
    };
    let mut said = carried::with_carried(&graph, ordered, nodes);
    bodies::leave_unchecked(&mut said);
    Ok(attached_names::told(between::by_way_of_others(said), from, to))
}

fn laid_out(graph: &Graph<'_>, online: bool) -> (Nodes, Edges) {
    let (nodes, edges) = (nodes(graph), graph.edges());
    if online { graph.take_apart(nodes, edges) } else { (nodes, edges) }
}
