//! Whether a column of a child is local, inherited, or both (`attislocal` and `attinhcount`).
//!
//! PostgreSQL has no statement to change this: it follows from the order of other statements. ADD
//! COLUMN on the child and then on the parent makes the column both; DROP COLUMN on the parent
//! keeps a local column of the child, and with ONLY also an inherited one, which becomes local; a
//! local column stays local.

use std::collections::BTreeSet;

use crate::diff::Change;
use crate::model::Schema;
use crate::model::column::Column;
use crate::model::constraint::ConstraintRule;
use crate::model::ident::{Ident, QualifiedName};
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::model::sequence::ColumnRef;
use crate::model::snapshot::Snapshot;
use crate::model::table::Table;
use crate::plan::error::PlanError;

/// Where a table has a column or a check from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::plan) enum Locality {
    /// It has none.
    Absent,
    /// It declares it.
    Own,
    /// Its parents have it.
    Inherited,
    /// It declares it, and its parents have it.
    Both,
}

/// Where a table has a column from. What a type gives is its own.
pub(in crate::plan) fn of_column(schema: &Schema, table: &QualifiedName, name: &Ident) -> Locality {
    let Some(child) = schema.table(table) else { return Locality::Absent };
    let handed = child.parents().any(|it| schema.column(it, name).is_some());
    let declared = schema.own_column(table, name).is_some_and(|it| !it.inherited);
    match (declared, handed) {
        (true, true) => Locality::Both,
        (false, true) => Locality::Inherited,
        (true, false) => Locality::Own,
        (false, false) if schema.column(table, name).is_some() => Locality::Own,
        (false, false) => Locality::Absent,
    }
}

/// Where a table has a check from.
pub(in crate::plan) fn of_check(schema: &Schema, table: &QualifiedName, name: &Ident) -> Locality {
    let own = ObjectId::child(ObjectKind::Constraint, table, name);
    match (schema.contains(&own), hands_down_check(schema, table, name)) {
        (true, true) => Locality::Both,
        (false, true) => Locality::Inherited,
        (true, false) => Locality::Own,
        (false, false) => Locality::Absent,
    }
}

fn hands_down_check(schema: &Schema, table: &QualifiedName, name: &Ident) -> bool {
    let parents = schema.table(table).into_iter().flat_map(Table::parents);
    let mut checks = parents.map(|it| (it, check(schema, it, name)));
    checks.any(|(parent, it)| match it {
        Some(no_inherit) => !no_inherit,
        None => hands_down_check(schema, parent, name),
    })
}

/// Whether a table has a check of its own of this name, and whether that is NO INHERIT.
fn check(schema: &Schema, table: &QualifiedName, name: &Ident) -> Option<bool> {
    match schema.get(&ObjectId::child(ObjectKind::Constraint, table, name)) {
        Some(Object::Constraint(it)) => match &it.rule {
            ConstraintRule::Check { no_inherit, .. } => Some(*no_inherit),
            ConstraintRule::PrimaryKey(_)
            | ConstraintRule::Unique(_)
            | ConstraintRule::ForeignKey(_)
            | ConstraintRule::Exclude { .. } => None,
        },
        _ => None,
    }
}

/// The tables that inherit after the plan and stand before it.
fn children<'a>(from: &'a Snapshot, to: &'a Snapshot) -> impl Iterator<Item = &'a Table> {
    let inherits = to.schema.tables().filter(|it| !it.inherits.is_empty());
    inherits.filter(|it| from.schema.table(&it.name).is_some())
}

/// The columns that a child has of its own and shall only inherit.
pub(in crate::plan) fn given_up(from: &Snapshot, to: &Snapshot) -> Vec<PlanError> {
    let mut refused = Vec::new();
    for table in children(from, to) {
        for column in to.schema.column_names(&table.name) {
            let before = of_column(&from.schema, &table.name, &column);
            let after = of_column(&to.schema, &table.name, &column);
            if matches!(before, Locality::Own | Locality::Both) && after == Locality::Inherited {
                let table = table.name.clone();
                refused.push(PlanError::OwnColumn { column: ColumnRef { table, column } });
            }
        }
    }
    refused
}

/// The children that shall declare themselves what they only inherit. They leave their parents, which
/// makes it their own, and join them again.
pub(in crate::plan) fn declaring(from: &Snapshot, to: &Snapshot) -> BTreeSet<QualifiedName> {
    let declares = |it: &&Table| {
        to.schema.column_names(&it.name).iter().any(|column| {
            let before = of_column(&from.schema, &it.name, column);
            let after = of_column(&to.schema, &it.name, column);
            before == Locality::Inherited && after == Locality::Both
        })
    };
    children(from, to).filter(declares).map(|it| it.name.clone()).collect()
}

/// Columns that are dropped from their table alone (ALTER TABLE ONLY), because a child keeps its own.
/// ONLY leaves the column to all children: those that shall lose it drop it themselves, so both kinds
/// are planned as if the child had declared it before. Also gives the sides and changes for that.
pub(in crate::plan) fn left_to_children(
    from: &Snapshot,
    to: &Snapshot,
    changes: &[Change],
) -> Option<(Snapshot, Vec<Change>, BTreeSet<ObjectId>)> {
    let mut dropped_only = BTreeSet::new();
    let mut before = from.clone();
    let mut changed: Vec<Change> = changes.to_vec();
    let dropped = changes.iter().filter_map(|it| match it {
        Change::Drop(Object::Column(column)) => Some(column),
        Change::Drop(_)
        | Change::Create(_)
        | Change::Alter { .. }
        | Change::Rename { .. }
        | Change::RenameLabel { .. } => None,
    });
    for column in dropped.filter(|it| to.schema.table(&it.table).is_some()) {
        let inheriting = inheriting(from, column);
        let keeps = |it: &&Table| {
            of_column(&to.schema, &it.name, &column.name) == Locality::Own
                && to.schema.table(&it.name).is_some_and(|to| to.has_same_parents(it))
        };
        if !inheriting.iter().any(keeps) {
            continue;
        }
        dropped_only.insert(Object::Column(column.clone()).id());
        for child in inheriting {
            let Some(own) = from.schema.column(&child.name, &column.name) else { continue };
            let own = Column { inherited: false, ..own };
            let id = Object::Column(own.clone()).id();
            changed.retain(|it| it.id() != id);
            match to.schema.get(&id) {
                Some(wanted) => {
                    let (from, to) = (own.clone().into(), wanted.clone());
                    changed.push(Change::Alter { from, to });
                }
                None => changed.push(Change::Drop(own.clone().into())),
            }
            before.schema.insert(own);
        }
    }
    (!dropped_only.is_empty()).then_some((before, changed, dropped_only))
}

/// The children of a column's table that only inherit it.
fn inheriting<'a>(side: &'a Snapshot, column: &Column) -> Vec<&'a Table> {
    let children = side.schema.tables().filter(|it| it.inherits.contains(&column.table));
    let inherits =
        |it: &&Table| of_column(&side.schema, &it.name, &column.name) == Locality::Inherited;
    children.filter(inherits).collect()
}

/// The checks of parents that must be recreated: a child gives up its own one of the same name, which
/// it cannot do while the parent has it.
pub(in crate::plan) fn checks_to_repeat(from: &Snapshot, to: &Snapshot) -> Vec<ObjectId> {
    let mut found = Vec::new();
    for (id, object) in from.schema.iter() {
        let (Object::Constraint(own), Some(table)) = (object, id.table_name()) else { continue };
        let before = of_check(&from.schema, &table, &own.name);
        let after = of_check(&to.schema, &table, &own.name);
        if before == Locality::Both && after == Locality::Inherited {
            let parents = from.schema.table(&table).into_iter().flat_map(Table::parents);
            let above = parents.map(|it| ObjectId::child(ObjectKind::Constraint, it, &own.name));
            found.extend(above.filter(|it| from.schema.contains(it) && to.schema.contains(it)));
        }
    }
    found
}
