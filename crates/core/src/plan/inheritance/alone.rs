//! Tables that change their parents are detached in between: they are planned as if all their
//! columns were local on both sides.

use std::collections::BTreeSet;

use crate::diff::{Change, diff};
use crate::model::Schema;
use crate::model::attached::attached_name;
use crate::model::column::Column;
use crate::model::composite::CompositeType;
use crate::model::constraint::{Constraint, ConstraintRule};
use crate::model::ident::QualifiedName;
use crate::model::not_null::{NAMED_NOT_NULL_SINCE, generated_not_null_name};
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::model::sequence::ColumnRef;
use crate::model::snapshot::Snapshot;
use crate::model::table::Table;
use crate::plan::column::user_type;
use crate::plan::error::PlanError;

use super::inherited::child_index;
use super::locality::declaring;

/// Both sides and the changes between them, with tables that change their parents standing alone.
/// None where there is no such table.
pub(in crate::plan) fn detached(
    from: &Snapshot,
    to: &Snapshot,
    changes: &[Change],
) -> Option<(Snapshot, Snapshot, Vec<Change>)> {
    let mut moved: BTreeSet<QualifiedName> = changes.iter().filter_map(moved).collect();
    moved.extend(of_changed_types(from, to, changes));
    moved.extend(declaring(from, to));
    if moved.is_empty() {
        return None;
    }
    let (mut before, mut after) = (from.clone(), to.clone());
    for side in [&mut before, &mut after] {
        let alone: Vec<Object> = moved.iter().flat_map(|it| alone(side, it)).collect();
        alone.into_iter().for_each(|it| drop(side.schema.insert(it)));
    }
    let belongs = |id: &ObjectId| {
        let own =
            matches!(id.kind, ObjectKind::Column | ObjectKind::Constraint | ObjectKind::Index);
        own && id.table_name().is_some_and(|it| moved.contains(&it))
    };
    let mut changed: Vec<Change> =
        changes.iter().filter(|it| !belongs(&it.id())).cloned().collect();
    changed.extend(diff(&before.schema, &after.schema).into_iter().filter(|it| belongs(&it.id())));
    Some((before, after, changed))
}

/// The tables of composite types that change. They let go of the type meanwhile, and their columns
/// change like those of any other table.
pub(in crate::plan) fn of_changed_types(
    from: &Snapshot,
    to: &Snapshot,
    changes: &[Change],
) -> BTreeSet<QualifiedName> {
    let mut changed: BTreeSet<QualifiedName> = changes.iter().filter_map(changed_type).collect();
    // A type over a changed one may have to be replaced with it.
    loop {
        let over = |it: &CompositeType| {
            let used = it.attributes.iter().filter_map(|it| user_type(&it.data_type));
            !changed.contains(&it.name) && used.into_iter().any(|it| changed.contains(&it))
        };
        let composites = from.schema.iter().filter_map(|(_, object)| match object {
            Object::Composite(it) => Some(it),
            _ => None,
        });
        let more: Vec<_> = composites.filter(|it| over(it)).map(|it| it.name.clone()).collect();
        if more.is_empty() {
            break;
        }
        changed.extend(more);
    }
    let of_changed = from.schema.tables().filter(|it| {
        let stays = to.schema.table(&it.name).is_some_and(|to| to.has_same_parents(it));
        stays && it.of_type.as_ref().is_some_and(|it| changed.contains(it))
    });
    of_changed.map(|it| it.name.clone()).collect()
}

/// The tables that join a type whose attributes stand in another order than their own columns do: a
/// new column comes last.
pub(in crate::plan) fn wrong_orders(
    from: &Snapshot,
    to: &Snapshot,
    changes: &[Change],
) -> Vec<PlanError> {
    let mut joining: BTreeSet<QualifiedName> = changes.iter().filter_map(moved).collect();
    joining.extend(of_changed_types(from, to, changes));
    let refused = joining.iter().filter_map(|name| {
        let of_type = to.schema.table(name)?.of_type.clone()?;
        let (present, wanted) = (from.schema.column_names(name), to.schema.column_names(name));
        let kept = present.iter().filter(|it| wanted.contains(it));
        let new = wanted.iter().filter(|it| !present.contains(it));
        let id = ObjectId::table(name);
        (!kept.chain(new).eq(&wanted)).then_some(PlanError::ColumnOrder { id, of_type })
    });
    refused.collect()
}

/// Columns whose NOT NULL constraint comes from a parent and would get another name, which PostgreSQL
/// refuses (`rename_constraint_internal` in the server).
pub(in crate::plan) fn wrong_names(
    from: &Snapshot,
    to: &Snapshot,
    changes: &[Change],
) -> Vec<PlanError> {
    let columns = changes.iter().map(Change::id).filter(|it| it.kind == ObjectKind::Column);
    let refused = columns.filter_map(|id| {
        let (table, name) = (id.table_name()?, &id.name);
        let stays = from.schema.table(&table)?.has_same_parents(to.schema.table(&table)?);
        let inherits = |it: &Snapshot| {
            let not_null = it.schema.column(&table, name).is_some_and(|it| it.not_null);
            not_null && it.schema.not_null_parent(&table, name).is_some()
        };
        let [before, after] = [from, to].map(|it| it.schema.not_null_name(&table, name));
        let wrong = stays && inherits(from) && inherits(to) && before != after;
        let column = ColumnRef { table: table.clone(), column: name.clone() };
        wrong.then_some(PlanError::InheritedName { column, from: before, to: after })
    });
    refused.collect()
}

/// The type that a change alters.
fn changed_type(change: &Change) -> Option<QualifiedName> {
    match change {
        Change::Alter { from: Object::Composite(from), to: Object::Composite(to) } => {
            (from.attributes != to.attributes).then(|| to.name.clone())
        }
        Change::Alter { to: Object::Enum(it), .. } => Some(it.name.clone()),
        Change::Alter { to: Object::Domain(it), .. } => Some(it.name.clone()),
        Change::Alter { to: Object::Defined(it), .. } => it.id.qualified_name(),
        _ => None,
    }
}

/// The table that a change attaches, detaches or moves.
fn moved(change: &Change) -> Option<QualifiedName> {
    match change {
        Change::Alter { from: Object::Table(from), to: Object::Table(to) } => {
            (!from.has_same_parents(to)).then(|| to.name.clone())
        }
        Change::Alter { .. }
        | Change::Create(_)
        | Change::Drop(_)
        | Change::Rename { .. }
        | Change::RenameLabel { .. } => None,
    }
}

/// A table as it is without its parents, with all that it has from them.
fn alone(side: &Snapshot, name: &QualifiedName) -> Vec<Object> {
    let schema = &side.schema;
    let has_names = side.environment.major_version() >= NAMED_NOT_NULL_SINCE;
    let Some(table) = schema.table(name) else { return Vec::new() };
    let mut objects: Vec<Object> = Vec::new();
    for (place, column) in schema.column_names(name).iter().enumerate() {
        let position = u32::try_from(place + 1).unwrap_or(u32::MAX);
        let Some(whole) = schema.column(name, column) else { continue };
        let mut own = Column { position, inherited: false, ..whole };
        let called = schema.not_null_name(name, column);
        if has_names && own.not_null && called != generated_not_null_name(name, column) {
            own.not_null_constraint.name = Some(called);
        }
        objects.push(own.into());
    }
    let mut ancestors: Vec<QualifiedName> = table.parents().cloned().collect();
    while let Some(ancestor) = ancestors.pop() {
        objects.extend(handed_down(schema, table, &ancestor));
        let parent = schema.table(&ancestor);
        ancestors.extend(parent.iter().flat_map(|it| it.parents()).cloned());
    }
    let links = Table::new(name.clone());
    let bare = Table {
        partition_of: links.partition_of,
        inherits: links.inherits,
        of_type: links.of_type,
        attached: links.attached,
        ..table.clone()
    };
    objects.push(bare.into());
    objects
}

/// The constraints and indexes that a table has from one of its ancestors.
fn handed_down(schema: &Schema, table: &Table, ancestor: &QualifiedName) -> Vec<Object> {
    let name = &table.name;
    let is_partition = table.partition_of.is_some();
    let mut objects: Vec<Object> = Vec::new();
    for constraint in schema.constraints(ancestor) {
        let own_name = match &constraint.rule {
            ConstraintRule::Check { no_inherit: true, .. } => None,
            ConstraintRule::Check { .. } => Some(constraint.name.clone()),
            _ if !is_partition => None,
            ConstraintRule::ForeignKey(_) => Some(constraint.name.clone()),
            ConstraintRule::PrimaryKey(_)
            | ConstraintRule::Unique(_)
            | ConstraintRule::Exclude { .. } => {
                attached_name(schema, name, &Object::Constraint(constraint.clone()).id())
            }
        };
        let Some(own_name) = own_name else { continue };
        if schema.contains(&ObjectId::child(ObjectKind::Constraint, name, &own_name)) {
            continue;
        }
        let own = Constraint { table: name.clone(), name: own_name, ..constraint.clone() };
        objects.push(Constraint { comment: None, ..own }.into());
    }
    for index in schema.indexes(ancestor).filter(|_| is_partition) {
        let root = Object::Index(index.clone()).id();
        let Some(own_name) = attached_name(schema, name, &root) else { continue };
        let backs = schema.constraints(name).any(|it| it.name == own_name);
        if !backs {
            objects.push(child_index(index, name, own_name).into());
        }
    }
    objects
}
