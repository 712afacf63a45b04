//! Objects that tables inherit from their parents, and partitions of indexes.

use crate::model::Schema;
use crate::model::attached::written_name;
use crate::model::ident::{Ident, QualifiedName};
use crate::model::index::Index;
use crate::model::object::{ObjectId, ObjectKind};
use crate::model::snapshot::Snapshot;
use crate::model::table::Table;

use super::locality::{Locality, of_column};

/// The index of a partition that is attached to one of its parent.
pub(in crate::plan) fn child_index(index: &Index, table: &QualifiedName, name: Ident) -> Index {
    let (clustered, comment, valid) = (false, None, true);
    Index { table: table.clone(), name, clustered, comment, valid, ..index.clone() }
}

/// Whether a column comes from elsewhere on both sides, so that nobody adds or drops it here.
pub(in crate::plan) fn is_inherited_object(id: &ObjectId, from: &Snapshot, to: &Snapshot) -> bool {
    let Some(table) = id.table_name().filter(|_| id.kind == ObjectKind::Column) else {
        return false;
    };
    let inherits = |side: &Snapshot| {
        let linked = side.schema.table(&table).is_some_and(Table::has_ancestors);
        let own = side.schema.own_column(&table, &id.name);
        // A column of an inheriting table may be declared there, too, and stays when it is not.
        let handed = || side.schema.inherited_column(&table, &id.name).is_some();
        linked && (own.is_none_or(|it| it.inherited) || handed())
    };
    // What a child declares itself, it adds and drops itself.
    let [before, after] = [from, to].map(|it| of_column(&it.schema, &table, &id.name));
    let declared = matches!(
        (before, after),
        (Locality::Both, Locality::Absent) | (Locality::Absent, Locality::Both)
    );
    inherits(from) && inherits(to) && !declared
}

/// The columns of children that say something of their own about a column of a parent.
pub(in crate::plan) fn own_below(schema: &Schema, column: &ObjectId) -> Vec<ObjectId> {
    let Some(table) = column.table_name().filter(|_| column.kind == ObjectKind::Column) else {
        return Vec::new();
    };
    let below = schema.descendants(&table).into_iter();
    let columns = below.map(|it| ObjectId::child(ObjectKind::Column, &it.name, &column.name));
    columns.filter(|it| schema.contains(it)).collect()
}

/// The constraints of partitions whose index is attached to an index of the parent: neither goes without
/// the other.
pub(in crate::plan) fn held_by(schema: &Schema, index: &ObjectId) -> Vec<ObjectId> {
    let Some(table) = index.table_name().filter(|_| index.kind == ObjectKind::Index) else {
        return Vec::new();
    };
    let partitions = schema.descendants(&table).into_iter();
    let held = partitions.filter_map(|it| {
        let own = written_name(schema, &it.name, index)?;
        let id = ObjectId::child(ObjectKind::Constraint, &it.name, &own);
        schema.contains(&id).then_some(id)
    });
    held.collect()
}
