//! When the triggers that partitions inherit fire.
//!
//! CREATE TRIGGER creates one on each partition, and ENABLE and DISABLE apply to all of them (ALTER
//! TABLE in the manual), so different settings of partitions are applied after those of their
//! parents.

use std::collections::BTreeSet;

use crate::model::definition::{DefinedKind, Firing};
use crate::model::ident::{Ident, QualifiedName};
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::model::snapshot::Snapshot;
use crate::model::table::Table;
use crate::plan::decisions::disposition::Disposition;
use crate::plan::graph::base::Graph;
use crate::plan::graph::key::Role;
use crate::plan::graph::parts::Nodes;
use crate::plan::statement::Statement;

/// Adds what partitions are told.
pub(in crate::plan) fn add_firing(graph: &Graph<'_>, nodes: &mut Nodes) {
    // The triggers of partitions that a statement has reached, be it through a parent.
    let mut told: BTreeSet<ObjectId> = BTreeSet::new();
    let mut tables: Vec<&Table> = graph.site.to.schema.tables().collect();
    tables.sort_by_key(|it| depth(graph, &it.name));
    for table in tables {
        let before = graph.site.from.schema.table(&table.name);
        let before = before.into_iter().flat_map(|it| it.inherited_triggers.keys());
        let names: BTreeSet<&Ident> = table.inherited_triggers.keys().chain(before).collect();
        for name in names {
            let id = trigger(&table.name, name);
            let Some(parent) = graph.parent(&table.name) else { continue };
            let Some(wanted) = firing(graph, graph.site.to, &table.name, name) else { continue };
            let reached = if is_reset(graph, &table.name, name, &told) {
                firing(graph, graph.site.to, &parent, name)
            } else {
                firing(graph, graph.site.from, &table.name, name)
            };
            if reached != Some(wanted) {
                let late = graph.key(Role::Late, &ObjectId::table(&table.name));
                let statement = Statement::SetFiring { object: id.clone(), firing: wanted };
                nodes.entry(late).or_default().push(statement);
                told.insert(id);
            }
        }
    }
}

/// How many tables a partition is a part of.
fn depth(graph: &Graph<'_>, table: &QualifiedName) -> usize {
    graph.parent(table).map_or(0, |it| depth(graph, &it) + 1)
}

fn trigger(table: &QualifiedName, name: &Ident) -> ObjectId {
    ObjectId::child(ObjectKind::Defined(DefinedKind::Trigger), table, name)
}

/// When a trigger fires on a table, which has it itself or from an ancestor.
fn firing(
    graph: &Graph<'_>,
    side: &Snapshot,
    table: &QualifiedName,
    name: &Ident,
) -> Option<Firing> {
    if let Some(Object::Defined(own)) = side.schema.get(&trigger(table, name)) {
        return Some(own.firing);
    }
    let written = side.schema.table(table)?.inherited_triggers.get(name).copied();
    written.or_else(|| firing(graph, side, &parent(graph, side, table)?, name))
}

/// The parent on a side; on that of the goal also the one that a table joins in the end.
fn parent(graph: &Graph<'_>, side: &Snapshot, table: &QualifiedName) -> Option<QualifiedName> {
    let link = side.schema.table(table)?.partition_of.as_ref().map(|it| it.parent.clone());
    link.or_else(|| std::ptr::eq(side, graph.site.to).then(|| graph.parent(table)).flatten())
}

/// Whether the plan makes the trigger of a partition fire as that of its parent does: the trigger or
/// the partition is new, or a statement reaches it through an ancestor.
fn is_reset(
    graph: &Graph<'_>,
    table: &QualifiedName,
    name: &Ident,
    told: &BTreeSet<ObjectId>,
) -> bool {
    let makes = |id: &ObjectId| graph.site.dispositions.get(id).is_some_and(Disposition::makes);
    let mut at = table.clone();
    loop {
        let own = trigger(&at, name);
        let whole = ObjectId::table(&at);
        let joins = graph.joins(&whole);
        if makes(&whole) || joins || makes(&own) || sets_firing(graph, &own) {
            return true;
        }
        if at != *table && told.contains(&own) {
            return true;
        }
        match graph.parent(&at) {
            Some(parent) => at = parent,
            None => return false,
        }
    }
}

/// Whether ENABLE or DISABLE is said of a trigger where it is declared.
fn sets_firing(graph: &Graph<'_>, id: &ObjectId) -> bool {
    let Some(Disposition::Alter(altered)) = graph.site.dispositions.get(id) else { return false };
    altered.statements.iter().any(|it| matches!(it, Statement::SetFiring { .. }))
}
