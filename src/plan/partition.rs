//! Partitions that leave their parent while a foreign key references it.
//!
//! Such a key has a part for each partition. DROP TABLE of a partition is refused as long as that
//! part stands; DETACH PARTITION takes it along, and is refused in turn while a row still needs the
//! partition (`ATExecDetachPartition`, `RI_PartitionRemove_Check` in the server).

use std::collections::BTreeSet;

use crate::model::ident::QualifiedName;
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::model::snapshot::Snapshot;

use super::dependencies::{DependencyMap, references_as_partition};
use super::statement::Statement;
use super::treatment::{Treatment, Treatments};

/// DETACH PARTITION of a table that is one.
pub(super) fn detach(object: &Object) -> Option<Statement> {
    let Object::Table(table) = object else { return None };
    let parent = table.partition_of.as_ref()?.parent.clone();
    Some(Statement::DetachPartition { table: table.name.clone(), parent })
}

/// The foreign keys that reference a table by way of its parents.
pub(super) fn keys_by_parents(
    side: &Snapshot,
    needs: &DependencyMap,
    partition: &ObjectId,
) -> Vec<ObjectId> {
    let keys = needs.needed_by(partition);
    keys.filter(|it| references_as_partition(&side.schema, it, partition)).cloned().collect()
}

/// The foreign keys of partitions that are detached and attached again: the rows that they need are
/// out of reach in between.
pub(super) fn keys_of_reattached(
    (from, to): (&Snapshot, &Snapshot),
    needs: &DependencyMap,
    treatments: &Treatments,
) -> BTreeSet<ObjectId> {
    let reattached = treatments.iter().filter_map(|(id, it)| match it {
        Treatment::Alter(altered) => {
            let detached = altered.release.iter().any(is_detach);
            let attached = altered.late.iter().any(is_attach);
            (detached && attached).then_some(id)
        }
        Treatment::Create
        | Treatment::Drop
        | Treatment::DetachAndDrop
        | Treatment::Replace
        | Treatment::Expand(_)
        | Treatment::ReplaceType => None,
    });
    let keys = reattached.flat_map(|it| keys_by_parents(from, needs, it));
    keys.filter(|it| to.schema.contains(it)).collect()
}

fn is_detach(statement: &Statement) -> bool {
    matches!(statement, Statement::DetachPartition { .. })
}

fn is_attach(statement: &Statement) -> bool {
    matches!(statement, Statement::AttachPartition { .. })
}

/// A partition that is dropped leaves its parent first where a foreign key needs it, or where another
/// partition may take its place.
pub(super) fn detach_before_drop(
    (from, to): (&Snapshot, &Snapshot),
    needs: &DependencyMap,
    treatments: &mut Treatments,
) {
    let stays = |id: &ObjectId| !treatments.get(id).is_some_and(Treatment::removes);
    let filled = parents_with_new_partitions(to, treatments);
    let dropped = treatments.iter().filter(|(_, it)| matches!(it, Treatment::Drop));
    let leaving: Vec<ObjectId> = dropped
        .filter(|(id, _)| {
            let Some(parent) = parent(from, id) else { return false };
            let mut keys = keys_by_parents(from, needs, id).into_iter();
            stays(&ObjectId::table(parent))
                && (filled.contains(parent) || keys.any(|it| stays(&it)))
        })
        .map(|(id, _)| id.clone())
        .collect();
    treatments.extend(leaving.into_iter().map(|it| (it, Treatment::DetachAndDrop)));
}

/// The tables that get a partition.
fn parents_with_new_partitions(to: &Snapshot, treatments: &Treatments) -> BTreeSet<QualifiedName> {
    treatments.iter().filter_map(|(id, it)| new_parent(to, id, it)).cloned().collect()
}

/// The table that another becomes a partition of.
pub(super) fn new_parent<'a>(
    to: &'a Snapshot,
    id: &ObjectId,
    treatment: &'a Treatment,
) -> Option<&'a QualifiedName> {
    match treatment {
        Treatment::Create | Treatment::Replace | Treatment::Expand(_) => parent(to, id),
        // A table that is attached stands alone meanwhile, and does not know of its parent.
        Treatment::Alter(altered) => altered.late.iter().find_map(|it| match it {
            Statement::AttachPartition { link, .. } => Some(&link.parent),
            _ => None,
        }),
        Treatment::Drop | Treatment::DetachAndDrop | Treatment::ReplaceType => None,
    }
}

fn parent<'a>(side: &'a Snapshot, id: &ObjectId) -> Option<&'a QualifiedName> {
    let name = id.qualified_name().filter(|_| id.kind == ObjectKind::Table)?;
    Some(&side.schema.table(&name)?.partition_of.as_ref()?.parent)
}
