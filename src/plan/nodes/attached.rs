//! Indexes of partitions that hang on those of the parent.

use crate::model::ident::{Ident, QualifiedName};
use crate::model::index::Index;
use crate::model::inheritance::made_attached_name;
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::model::table::Table;
use crate::plan::graph::{Graph, Role};
use crate::plan::hierarchy::{attached_name, child_index};
use crate::plan::statement::Statement;
use crate::plan::treatment::Treatment;

use super::{Nodes, is_partitioned};

/// Attached indexes that PostgreSQL makes by itself get the names that they shall have.
pub(super) fn add_names(graph: &Graph<'_>, nodes: &mut Nodes) {
    for table in graph.to.schema.tables() {
        for (parent, made_anew) in attached(graph, table) {
            let made = made_attached_name(&graph.to.schema, &table.name, &parent);
            let before = graph.from.schema.table(&table.name).filter(|_| !made_anew);
            let present =
                before.and_then(|it| it.attached.get(&parent).cloned()).or_else(|| made.clone());
            let wanted = table.attached.get(&parent).cloned().or(made);
            let (Some(present), Some(wanted)) = (present, wanted) else { continue };
            let of_constraint = ObjectId::child(ObjectKind::Constraint, &table.name, &wanted);
            if present != wanted && !graph.to.schema.contains(&of_constraint) {
                let object = ObjectId::child(ObjectKind::Index, &table.name, &present);
                let late = graph.key(Role::Late, &ObjectId::table(&table.name));
                let rename = Statement::Rename { object, name: wanted };
                nodes.entry(late).or_default().push(rename);
            }
        }
    }
}

/// The indexes of the parent whose names count for a table, and whether the table's own come anew.
fn attached(graph: &Graph<'_>, table: &Table) -> Vec<(Ident, bool)> {
    let before = graph.from.schema.table(&table.name);
    let names = table.attached.keys().chain(before.into_iter().flat_map(|it| it.attached.keys()));
    let makes = |id: &ObjectId| graph.treatments.get(id).is_some_and(Treatment::makes);
    let made_table = makes(&ObjectId::table(&table.name));
    let mut found: Vec<(Ident, bool)> = Vec::new();
    for name in names {
        let sources = sources(graph, &table.name, name);
        let by_hand = sources.iter().any(|it| graph.built_concurrently.contains(it));
        if by_hand || sources.is_empty() || found.iter().any(|it| it.0 == *name) {
            continue;
        }
        found.push((name.clone(), made_table || sources.iter().any(makes)));
    }
    found
}

/// The index or constraint of that name on an ancestor.
fn sources(graph: &Graph<'_>, table: &QualifiedName, name: &Ident) -> Vec<ObjectId> {
    let mut found = Vec::new();
    let mut next = graph.to.schema.table(table).and_then(|it| it.partition_of.as_ref());
    while let Some(link) = next {
        for kind in [ObjectKind::Index, ObjectKind::Constraint] {
            let id = ObjectId::child(kind, &link.parent, name);
            found.extend(graph.to.schema.contains(&id).then_some(id));
        }
        next = graph.to.schema.table(&link.parent).and_then(|it| it.partition_of.as_ref());
    }
    found
}

/// Whether an index of a partitioned table can be built partition by partition: all of them stay,
/// and each can have a name of its own.
pub(super) fn can_build_online(
    graph: &Graph<'_>,
    table: &QualifiedName,
    index: Option<&Object>,
) -> bool {
    let Some(Object::Index(index)) = index.filter(|_| is_partitioned(graph.from, table)) else {
        return false;
    };
    let partitions = graph.to.schema.descendants(table);
    let fits = |it: &&Table| {
        let id = ObjectId::table(&it.name);
        let made = graph.treatments.get(&id).is_some_and(Treatment::makes);
        let taken = attached_name(&graph.to.schema, it, &index.name)
            .is_none_or(|name| is_taken(graph, &it.name.sibling(name)));
        let sub_partition = it.partition_of.as_ref().is_some_and(|it| it.parent != *table);
        it.partition_of.is_some()
            && it.foreign.is_none()
            && it.partition_by.is_none()
            && graph.from.schema.contains(&id)
            && !(made || taken || sub_partition)
    };
    // A partition that goes last is still there when the index is built, and has no part of it.
    let before = graph.from.schema.descendants(table);
    let stay = before.iter().all(|it| partitions.iter().any(|other| other.name == it.name));
    index.valid && stay && partitions.iter().all(fits)
}

/// Whether a relation of this name stands before the plan and after it.
fn is_taken(graph: &Graph<'_>, name: &QualifiedName) -> bool {
    let sides = [&graph.from.schema, &graph.to.schema];
    sides.iter().any(|it| {
        it.iter().any(|(id, _)| {
            id.kind != ObjectKind::Column && id.qualified_name().as_ref() == Some(name)
        })
    })
}

/// An index that is not built on the parent, one on each partition without blocking anyone, and the
/// latter attached to the former, which makes it valid.
pub(super) fn build_online(graph: &Graph<'_>, index: &Index) -> Vec<Statement> {
    let whole = Box::new(index.clone());
    let mut statements =
        vec![Statement::CreateIndex { index: whole, concurrently: false, only: true }];
    for partition in graph.to.schema.descendants(&index.table) {
        let Some(name) = attached_name(&graph.to.schema, partition, &index.name) else { continue };
        let child = child_index(index, &partition.name, name);
        let attach = Statement::AttachIndex {
            parent: index.qualified_name(),
            index: child.qualified_name(),
            table: index.table.clone(),
        };
        let index = Box::new(child);
        statements.push(Statement::CreateIndex { index, concurrently: true, only: false });
        statements.push(attach);
    }
    statements
}
