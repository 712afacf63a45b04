//! Objects affected by a new type of a column, or by a new type of the same name.
//!
//! ALTER COLUMN TYPE also changes the columns of children. PostgreSQL rebuilds the indexes and
//! checks that use the column; other dependent objects are dropped before and recreated after.

use std::collections::BTreeSet;

use crate::model::column::Column;
use crate::model::constraint::ConstraintRule;
use crate::model::definition::DefinedKind;
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::model::sequence::ColumnRef;
use crate::model::snapshot::Snapshot;
use crate::plan::cast::rewrites;
use crate::plan::column::{as_column, default_of, is_generated, type_name};
use crate::plan::decisions::alter::alter;
use crate::plan::decisions::disposition::{Disposition, Dispositions, remove};
use crate::plan::decisions::rebuild::rebuilt_indexes;
use crate::plan::dependencies::DependencyMap;
use crate::plan::error::PlanError;
use crate::plan::inheritance::inherited::{is_inherited_object, own_below};
use crate::plan::statement::{ColumnAction, Statement};

/// A column that gets another type.
#[derive(Clone, Copy)]
pub(in crate::plan) struct Retyped<'a> {
    /// The column as it is.
    pub(in crate::plan) from: &'a Column,
    /// The column as it shall be.
    pub(in crate::plan) to: &'a Column,
    /// Whether an expression makes the new values, which a default cannot follow.
    pub(in crate::plan) by_expression: bool,
}

/// A column of another type: indexes whose operator class does not accept it, and foreign keys whose
/// other column keeps its type, are dropped before the change and recreated after it. PostgreSQL itself
/// rebuilds every other index and check.
pub(in crate::plan) fn replace_on_retyped(
    Retyped { from, to, .. }: Retyped<'_>,
    (before, after): (&Snapshot, &Snapshot),
    needs: &DependencyMap,
    dispositions: &mut Dispositions,
) {
    let other_family = !from.data_type.same_family(&to.data_type);
    let forbids = |it: &Object| forbids_type_change(it, other_family);
    for dependent in conflicting(&id_of(from), before, needs, forbids) {
        remove(&dependent, after, dispositions);
    }
}

/// The indexes that a change of type would rebuild under its lock, where it leaves the rows as they
/// are: they are dropped before and built after, which blocks nobody. Those of children and partitions,
/// and unique ones, stay with it.
pub(in crate::plan) fn drop_indexes_before(
    Retyped { from, to, by_expression }: Retyped<'_>,
    (before, after): (&Snapshot, &Snapshot),
    dispositions: &mut Dispositions,
) {
    let partitioned = before.schema.table(&from.table).is_some_and(|it| it.partition_by.is_some());
    if by_expression || rewrites(&from.data_type, &to.data_type) || partitioned {
        return;
    }
    for id in rebuilt_indexes(before, from, to) {
        let unique = matches!(before.schema.get(&id), Some(Object::Index(it)) if it.unique);
        if !unique && !dispositions.contains_key(&id) {
            remove(&id, after, dispositions);
        }
    }
}

/// The columns of a type that is replaced get the new type of the same name. The two columns of a foreign
/// key cannot change at once.
pub(in crate::plan) fn retype_columns_of(
    id: &ObjectId,
    (before, after): (&Snapshot, &Snapshot),
    needs: &DependencyMap,
    dispositions: &mut Dispositions,
    queue: &mut Vec<ObjectId>,
) {
    let forbids = |it: &Object| forbids_type_change(it, false) || is_foreign_key(it);
    let moved = columns_of_type(id, (before, after), dispositions);
    let found: BTreeSet<ObjectId> = moved
        .into_iter()
        .flat_map(|(from, _)| conflicting(&id_of(from), before, needs, forbids))
        .collect();
    for dependent in found {
        if !dispositions.get(&dependent).is_some_and(Disposition::removes) {
            remove(&dependent, after, dispositions);
            queue.push(dependent);
        }
    }
}

/// What must go before a column is told its new type. What belongs to the column of a child belongs to
/// that of the parent.
fn conflicting(
    column: &ObjectId,
    side: &Snapshot,
    needs: &DependencyMap,
    forbids: impl Fn(&Object) -> bool,
) -> BTreeSet<ObjectId> {
    let mut found = BTreeSet::new();
    for column in std::iter::once(column.clone()).chain(own_below(&side.schema, column)) {
        let direct = needs.needed_by(&column);
        let direct = direct.filter(|it| side.schema.get(it).is_some_and(&forbids));
        found.extend(direct.cloned());
        found.extend(on_rebuilt_keys(&column, side, needs));
    }
    found
}

/// What needs a key over a column, but not the column itself: a foreign key to a constraint that
/// only includes it, a view that groups by a primary key. ALTER COLUMN TYPE rebuilds the key by
/// dropping it, and knows only of what belongs to the column (`ATPostAlterTypeCleanup`).
fn on_rebuilt_keys(column: &ObjectId, side: &Snapshot, needs: &DependencyMap) -> Vec<ObjectId> {
    let is_key = |it: &&ObjectId| {
        matches!(side.schema.get(it), Some(Object::Constraint(_) | Object::Index(_)))
    };
    let over = needs.needed_by(column).filter(is_key).flat_map(|key| needs.needed_by(key));
    over.filter(|it| !needs.needs(it).any(|it| it == column)).cloned().collect()
}

/// Whether something on a column must go before ALTER COLUMN TYPE.
fn forbids_type_change(object: &Object, other_family: bool) -> bool {
    match object {
        Object::Index(index) => other_family && !index.is_built_in(),
        Object::Constraint(_) => other_family && is_foreign_key(object),
        Object::Column(it) => is_generated(it),
        // Extended statistics alone are carried over.
        Object::Defined(it) => it.id.kind != ObjectKind::Defined(DefinedKind::Statistics),
        Object::Namespace(_)
        | Object::Extension(_)
        | Object::Enum(_)
        | Object::Domain(_)
        | Object::Composite(_)
        | Object::Sequence(_)
        | Object::Table(_)
        | Object::Privileges(_)
        | Object::DefaultPrivileges(_) => false,
    }
}

fn is_foreign_key(object: &Object) -> bool {
    matches!(object, Object::Constraint(it) if matches!(it.rule, ConstraintRule::ForeignKey(_)))
}

/// The defaults that children have of their own: SET DEFAULT and DROP DEFAULT on the parent's column
/// replace them, and one that is left could not follow a change of type. They are dropped before the
/// change, and what each child shall have is set after it.
pub(in crate::plan) fn release_defaults_below(
    retyped: &[Retyped<'_>],
    sides: (&Snapshot, &Snapshot),
    dispositions: &mut Dispositions,
) {
    let by_expression =
        changing(retyped, sides, dispositions).into_iter().filter(|it| it.by_expression);
    for Retyped { from, to, .. } in by_expression.collect::<Vec<_>>() {
        let touched = default_of(from).is_some() || default_of(to).is_some();
        for child in own_below(&sides.0.schema, &id_of(from)) {
            if is_inherited_object(&child, sides.0, sides.1) {
                release_default_of(&child, touched, sides, dispositions);
            }
        }
    }
}

fn release_default_of(
    id: &ObjectId,
    touched: bool,
    (before, after): (&Snapshot, &Snapshot),
    dispositions: &mut Dispositions,
) {
    let Some(present) = before.schema.get(id).and_then(as_column) else { return };
    let Some(wanted) = after.schema.column(&present.table, &present.name) else { return };
    let (own, wanted) = (default_of(present).is_some(), default_of(&wanted));
    if !own && !touched {
        return;
    }
    let table = present.table.clone();
    let column = ColumnRef { table, column: present.name.clone() };
    let say = |action| Statement::AlterColumn { column: column.clone(), action };
    let untouched = || Disposition::Alter(alter(&present.clone().into(), &present.clone().into()));
    let Disposition::Alter(altered) = dispositions.entry(id.clone()).or_insert_with(untouched)
    else {
        return;
    };
    let drop = say(ColumnAction::DropDefault);
    let set = wanted.map_or_else(|| drop.clone(), |it| say(ColumnAction::SetDefault(it.clone())));
    altered.statements.retain(|it| *it != drop && *it != set);
    if own {
        altered.release.push(drop);
    }
    if touched || wanted.is_some() {
        altered.statements.push(set);
    }
}

/// The changes of type that PostgreSQL refuses: of columns of partition keys, for each row might belong
/// to another partition (`ATPrepAlterColumnType`), and of tables whose rows a column holds.
pub(in crate::plan) fn impossible(
    retyped: &[Retyped<'_>],
    sides: (&Snapshot, &Snapshot),
    needs: &DependencyMap,
    dispositions: &Dispositions,
) -> Vec<PlanError> {
    let mut refused = Vec::new();
    for Retyped { from, to, .. } in changing(retyped, sides, dispositions) {
        refused.extend(of_row_type(from, sides.0));
        let is_table = |it: &&ObjectId| it.kind == ObjectKind::Table;
        for table in needs.needed_by(&id_of(from)).filter(is_table) {
            let keyed = table.table_name().and_then(|it| sides.0.schema.table(&it));
            if let Some(table) = keyed.filter(|it| it.partition_by.is_some()) {
                refused.push(PlanError::PartitionKey {
                    column: ColumnRef { table: to.table.clone(), column: to.name.clone() },
                    table: table.name.clone(),
                    from: from.data_type.clone(),
                    to: to.data_type.clone(),
                });
            }
        }
    }
    refused
}

/// A column that holds rows of the table whose column changes: PostgreSQL does not rewrite those
/// (`find_composite_type_dependencies`).
fn of_row_type(changed: &Column, side: &Snapshot) -> Option<PlanError> {
    let of_row = |it: &&Column| type_name(it).as_ref() == Some(&changed.table);
    let holder = side.schema.iter().filter_map(|(_, it)| as_column(it)).find(of_row)?;
    let reference = |it: &Column| ColumnRef { table: it.table.clone(), column: it.name.clone() };
    Some(PlanError::RowType { column: reference(changed), holder: reference(holder) })
}

/// All columns that are told a type: another one, or a new one of the same name.
fn changing<'a>(
    retyped: &[Retyped<'a>],
    sides: (&'a Snapshot, &'a Snapshot),
    dispositions: &Dispositions,
) -> Vec<Retyped<'a>> {
    let replaced = dispositions.iter().filter(|it| matches!(it.1, Disposition::ReplaceType));
    let moved = replaced.flat_map(|(id, _)| columns_of_type(id, sides, dispositions));
    let moved = moved.map(|(from, to)| Retyped { from, to, by_expression: true });
    let stays =
        |it: &Retyped<'_>| !dispositions.get(&id_of(it.from)).is_some_and(Disposition::removes);
    retyped.iter().copied().chain(moved).filter(stays).collect()
}

/// The columns that move from an old type to the new one of the same name. Those that come from a
/// parent move with the parent's.
pub(in crate::plan) fn columns_of_type<'a>(
    id: &ObjectId,
    (before, after): (&'a Snapshot, &'a Snapshot),
    dispositions: &Dispositions,
) -> Vec<(&'a Column, &'a Column)> {
    let name = id.qualified_name();
    let columns = before.schema.iter().filter_map(|(column, object)| {
        let (from, to) = (as_column(object)?, as_column(after.schema.get(column)?)?);
        let uses = type_name(from) == name && type_name(to) == name;
        let stays = !dispositions.get(column).is_some_and(Disposition::removes);
        (uses && stays && !is_inherited_object(column, before, after)).then_some((from, to))
    });
    columns.collect()
}

fn id_of(column: &Column) -> ObjectId {
    ObjectId::child(ObjectKind::Column, &column.table, &column.name)
}
