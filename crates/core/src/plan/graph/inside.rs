//! What is part of CREATE TABLE, and what DROP TABLE drops with the table.

use std::collections::BTreeSet;

use crate::model::constraint::{Constraint, ConstraintRule};
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::model::snapshot::Snapshot;
use crate::plan::dependencies::{owners, referenced_key};
use crate::plan::topology::order;

/// Whether a new table can have it at once: NOT VALID means nothing inside CREATE TABLE.
pub(in crate::plan) fn is_valid(side: &Snapshot, id: &ObjectId) -> bool {
    !matches!(side.schema.get(id), Some(Object::Constraint(it)) if !it.validated)
}

/// What a CREATE TABLE can hold, or a DROP TABLE takes along: all that belongs to the table, but for
/// foreign keys between tables that need each other in a cycle, and for indexes, which have their
/// own CREATE INDEX.
pub(in crate::plan) fn inside(
    side: &Snapshot,
    touched: impl Fn(&ObjectId) -> bool,
) -> BTreeSet<ObjectId> {
    let circular = circular_tables(side, &touched);
    let mut found = BTreeSet::new();
    for (id, object) in side.schema.iter() {
        let owner = match object {
            Object::Privileges(it) => Some(it.on.clone()),
            _ => side.schema.owner(id),
        };
        let Some(table) = owner else { continue };
        if !touched(id) || !touched(&table) {
            continue;
        }
        let fits = match object {
            Object::Constraint(it) => match &it.rule {
                ConstraintRule::ForeignKey(key) => {
                    let target = ObjectId::table(&key.references);
                    let between = circular.contains(&table) && circular.contains(&target);
                    let key_is_constraint = referenced_key(&side.schema, key)
                        .is_none_or(|it| it.kind == ObjectKind::Constraint);
                    key_is_constraint && (target == table || !between)
                }
                ConstraintRule::PrimaryKey(_)
                | ConstraintRule::Unique(_)
                | ConstraintRule::Check { .. }
                | ConstraintRule::Exclude { .. } => true,
            },
            _ => true,
        };
        if fits {
            found.insert(id.clone());
        }
    }
    found
}

/// The foreign keys of a side, each with its table and the one that it references.
pub(in crate::plan) fn foreign_keys(
    side: &Snapshot,
) -> impl Iterator<Item = (&ObjectId, [ObjectId; 2])> {
    side.schema.iter().filter_map(|(id, object)| {
        let Object::Constraint(Constraint { rule: ConstraintRule::ForeignKey(key), .. }) = object
        else {
            return None;
        };
        Some((id, [id.parent()?, ObjectId::table(&key.references)]))
    })
}

/// Tables on a cycle of foreign keys, or between two cycles: what no order from either end
/// reaches.
pub(in crate::plan) fn circular_tables(
    side: &Snapshot,
    touched: &impl Fn(&ObjectId) -> bool,
) -> BTreeSet<ObjectId> {
    let mut edges: BTreeSet<(ObjectId, ObjectId)> = BTreeSet::new();
    for (_, [table, target]) in foreign_keys(side) {
        if table != target && touched(&table) && touched(&target) {
            edges.insert((table, target));
        }
    }
    let tables: BTreeSet<_> = edges.iter().flat_map(|it| [it.0.clone(), it.1.clone()]).collect();
    order(tables, &edges).err().into_iter().flatten().collect()
}

/// Sequences that go with the column that owns them, or with its table.
pub(in crate::plan) fn dropped_with_owner(
    from: &Snapshot,
    to: &Snapshot,
    gone: impl Fn(&ObjectId) -> bool,
) -> Vec<ObjectId> {
    let mut found = Vec::new();
    for (id, object) in from.schema.iter() {
        let Object::Sequence(sequence) = object else { continue };
        let Some(owner) = &sequence.owned_by else { continue };
        let with_owner = owners(&from.schema, owner).iter().any(&gone);
        if gone(id) && with_owner && !to.schema.contains(id) {
            found.push(id.clone());
        }
    }
    found
}
