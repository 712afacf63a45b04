//! Partitions that are detached or dropped while a foreign key references their parent.
//!
//! Such a key has a constraint for each partition. DROP TABLE of a partition fails while that
//! constraint exists; DETACH PARTITION removes it, but fails while a row still references the
//! partition (`ATExecDetachPartition`, `RI_PartitionRemove_Check` in the server).

use std::collections::BTreeSet;

use crate::model::ident::QualifiedName;
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::model::snapshot::Snapshot;
use crate::plan::decisions::disposition::{Disposition, Dispositions};
use crate::plan::dependencies::{DependencyMap, references_as_partition};
use crate::plan::statement::Statement;

/// DETACH PARTITION of a table that is one.
pub(in crate::plan) fn detach(object: &Object) -> Option<Statement> {
    let Object::Table(table) = object else { return None };
    let parent = table.partition_of.as_ref()?.parent.clone();
    let table = table.name.clone();
    Some(Statement::DetachPartition { table, parent, concurrently: false })
}

/// The foreign keys that reference a table by way of its parents.
pub(in crate::plan) fn keys_by_parents(
    side: &Snapshot,
    needs: &DependencyMap,
    partition: &ObjectId,
) -> Vec<ObjectId> {
    let keys = needs.needed_by(partition);
    keys.filter(|it| references_as_partition(&side.schema, it, partition)).cloned().collect()
}

/// The foreign keys of partitions that are detached and attached again: the rows that they need are
/// out of reach in between.
pub(in crate::plan) fn keys_of_reattached(
    (from, to): (&Snapshot, &Snapshot),
    needs: &DependencyMap,
    dispositions: &Dispositions,
) -> BTreeSet<ObjectId> {
    let reattached = dispositions.iter().filter_map(|(id, it)| match it {
        Disposition::Alter(altered) => {
            let detached = altered.release.iter().any(is_detach);
            let attached = altered.late.iter().any(is_attach);
            (detached && attached).then_some(id)
        }
        Disposition::Create
        | Disposition::Drop
        | Disposition::DetachAndDrop
        | Disposition::Replace
        | Disposition::Expand(_)
        | Disposition::ReplaceType => None,
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
pub(in crate::plan) fn detach_before_drop(
    (from, to): (&Snapshot, &Snapshot),
    needs: &DependencyMap,
    dispositions: &mut Dispositions,
) {
    let stays = |id: &ObjectId| !dispositions.get(id).is_some_and(Disposition::removes);
    let filled = parents_with_new_partitions(to, dispositions);
    let dropped = dispositions.iter().filter(|(_, it)| matches!(it, Disposition::Drop));
    let leaving: Vec<ObjectId> = dropped
        .filter(|(id, _)| {
            let Some(parent) = parent(from, id) else { return false };
            let mut keys = keys_by_parents(from, needs, id).into_iter();
            stays(&ObjectId::table(parent))
                && (filled.contains(parent) || keys.any(|it| stays(&it)))
        })
        .map(|(id, _)| id.clone())
        .collect();
    dispositions.extend(leaving.into_iter().map(|it| (it, Disposition::DetachAndDrop)));
}

/// The tables that get a partition.
fn parents_with_new_partitions(
    to: &Snapshot,
    dispositions: &Dispositions,
) -> BTreeSet<QualifiedName> {
    dispositions.iter().filter_map(|(id, it)| new_parent(to, id, it)).cloned().collect()
}

/// The table that another becomes a partition of.
pub(in crate::plan) fn new_parent<'a>(
    to: &'a Snapshot,
    id: &ObjectId,
    disposition: &'a Disposition,
) -> Option<&'a QualifiedName> {
    match disposition {
        Disposition::Create | Disposition::Replace | Disposition::Expand(_) => parent(to, id),
        // A table that is attached stands alone meanwhile, and does not know of its parent.
        Disposition::Alter(altered) => altered.late.iter().find_map(|it| match it {
            Statement::AttachPartition { link, .. } => Some(&link.parent),
            _ => None,
        }),
        Disposition::Drop | Disposition::DetachAndDrop | Disposition::ReplaceType => None,
    }
}

fn parent<'a>(side: &'a Snapshot, id: &ObjectId) -> Option<&'a QualifiedName> {
    let name = id.qualified_name().filter(|_| id.kind == ObjectKind::Table)?;
    Some(&side.schema.table(&name)?.partition_of.as_ref()?.parent)
}
