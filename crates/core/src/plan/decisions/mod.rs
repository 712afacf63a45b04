//! What happens to each object that a plan changes, and which other objects are affected.
//!
//! In: both sides and the changes, with parents resolved. Out: a disposition for each object.

pub(in crate::plan) mod alter;
pub(in crate::plan) mod altered;
pub(in crate::plan) mod disposition;
pub(in crate::plan) mod inherited;
pub(in crate::plan) mod partition;
pub(in crate::plan) mod rebuild;
pub(in crate::plan) mod retyped;

use crate::diff::aspect::aspects;
use crate::diff::{Change, same};
use crate::model::column::{Column, ColumnValue};
use crate::model::declared::{Hints, TypeChange};
use crate::model::domain::Domain;
use crate::model::ident::{Ident, QualifiedName};
use crate::model::index::Index;
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::model::sequence::ColumnRef;
use crate::model::snapshot::Snapshot;
use crate::model::table::Table;
use crate::plan::cast::rewrites;
use crate::plan::column::{Retype, converts_by_text, default_of, is_generated, retype, type_name};
use crate::plan::decisions::alter::alter;
use crate::plan::decisions::altered::Altered;
use crate::plan::decisions::disposition::{Disposition, Dispositions, remove};
use crate::plan::decisions::rebuild::mentions;
use crate::plan::decisions::retyped::{Retyped, columns_of_type};
use crate::plan::dependencies::{DependencyMap, references_as_partition};
use crate::plan::error::PlanError;
use crate::plan::inheritance::inherited::is_inherited_object;
use crate::plan::inheritance::{Resolved, locality};
use crate::plan::mirror::{Mirror, not_copied};
use crate::plan::row_key::row_keys;
use crate::plan::statement::{AttributeAction, ColumnAction, Statement};

/// Decides for every changed object, then for those that depend on dropped ones.
pub(super) fn decide(
    resolved: &Resolved<'_>,
    needs: &DependencyMap,
    hints: &Hints,
    online: bool,
) -> Result<Dispositions, Vec<PlanError>> {
    let sides = (&*resolved.from, &*resolved.to);
    let Decided { mut dispositions, retyped, replaced } = of_changes(resolved, hints, online)?;
    for table in replaced {
        inherited::replace(table, sides, &mut dispositions);
    }
    replace_used_composites(sides, needs, &mut dispositions);
    replace_unused_types(sides, needs, &mut dispositions);
    for column in &retyped {
        retyped::replace_on_retyped(*column, sides, needs, &mut dispositions);
        if online {
            retyped::drop_indexes_before(*column, sides, &mut dispositions);
        }
    }
    for id in locality::checks_to_repeat(sides.0, sides.1) {
        remove(&id, sides.1, &mut dispositions);
    }
    for id in inherited::dropped_with_index(sides.0, &dispositions) {
        remove(&id, sides.1, &mut dispositions);
    }
    for id in partition::keys_of_reattached(sides, needs, &dispositions) {
        remove(&id, sides.1, &mut dispositions);
    }
    spread(sides, needs, &mut dispositions);
    partition::detach_before_drop(sides, needs, &mut dispositions);
    inherited::restore_inherited(sides.0, sides.1, &mut dispositions);
    retyped::release_defaults_below(&retyped, sides, &mut dispositions);
    for table in &resolved.of_changed_types {
        inherited::detach_from_type(table, &mut dispositions);
    }
    for table in &resolved.declaring {
        inherited::rejoin_parents(table, &mut dispositions);
    }
    let fixed = retyped::impossible(&retyped, sides, needs, &dispositions);
    if fixed.is_empty() { Ok(dispositions) } else { Err(fixed) }
}

/// What is decided of each change by itself.
struct Decided<'a> {
    dispositions: Dispositions,
    /// Columns whose type changes in place.
    retyped: Vec<Retyped<'a>>,
    /// Tables that are dropped and created.
    replaced: Vec<&'a QualifiedName>,
}

fn of_changes<'a>(
    resolved: &'a Resolved<'_>,
    hints: &Hints,
    online: bool,
) -> Result<Decided<'a>, Vec<PlanError>> {
    let sides = (&*resolved.from, &*resolved.to);
    let (mut dispositions, mut errors) = (Dispositions::new(), Vec::new());
    let (mut retyped, mut replaced) = (Vec::new(), Vec::new());
    for change in &*resolved.changes {
        let disposition = match change {
            _ if is_inherited_object(&change.id(), sides.0, sides.1) => continue,
            Change::Create(_) => Ok(Disposition::Create),
            Change::Drop(_) => Ok(Disposition::Drop),
            Change::Alter { from: Object::Table(from), to: Object::Table(to) } => {
                if inherited::is_replaced(from, to) {
                    replaced.push(&to.name);
                    continue;
                }
                table(from, to)
            }
            Change::Alter { from: Object::Column(from), to: Object::Column(to) } => {
                column(from, to, sides, (hints, online), (&mut retyped, &dispositions))
            }
            Change::Alter { from, to } => in_place(from, to),
            Change::Rename { .. } | Change::RenameLabel { .. } => continue,
        };
        match disposition {
            Ok(disposition) => drop(dispositions.insert(change.id(), disposition)),
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() { Ok(Decided { dispositions, retyped, replaced }) } else { Err(errors) }
}

fn table(from: &Table, to: &Table) -> Result<Disposition, PlanError> {
    match inherited::impossible(from, to) {
        Some(error) => Err(error),
        None => in_place(&from.clone().into(), &to.clone().into()),
    }
}

fn column<'a>(
    from: &'a Column,
    to: &'a Column,
    sides: (&Snapshot, &Snapshot),
    (hints, online): (&Hints, bool),
    (retyped, decided): (&mut Vec<Retyped<'a>>, &Dispositions),
) -> Result<Disposition, PlanError> {
    // A generated column holds nothing of its own: its expression or type changes by recreating it.
    if is_generated(to) && (from.value != to.value || from.data_type != to.data_type) {
        return Ok(Disposition::Replace);
    }
    let retype = retype(from, to, sides, hints)?;
    let mut converted = from.clone();
    let mut statements = Vec::new();
    match retype {
        Retype::Unchanged => {}
        Retype::Replace => return Ok(Disposition::Replace),
        Retype::Alter { .. } if online && is_expanded(from, to, hints) => {
            return expanded(from, to, sides, decided);
        }
        Retype::Alter { before, statement } => {
            if !before.is_empty() {
                converted.value = ColumnValue::None;
            }
            statements.extend(before);
            converted.data_type = to.data_type.clone();
            converted.collation = to.collation.clone();
            // ALTER COLUMN TYPE takes the sequence of an identity along.
            if let ColumnValue::Identity(it) = &mut converted.value {
                it.options = it.options.retyped(to.data_type.clone());
            }
            let by_expression = is_by_expression(&statement);
            statements.push(statement);
            retyped.push(Retyped { from, to, by_expression });
        }
    }
    match in_place(&Object::Column(converted), &Object::Column(to.clone()))? {
        Disposition::Alter(mut altered) => {
            statements.append(&mut altered.statements);
            Ok(Disposition::Alter(Altered { statements, ..altered }))
        }
        other => Ok(other),
    }
}

/// A column that changes its type by way of a second column.
fn expanded(
    from: &Column,
    to: &Column,
    sides: (&Snapshot, &Snapshot),
    decided: &Dispositions,
) -> Result<Disposition, PlanError> {
    let key = key_for_copy(from, to, sides).map_err(|reason| {
        let column = ColumnRef { table: from.table.clone(), column: from.name.clone() };
        PlanError::NotExpanded { column, reason: reason.to_owned() }
    })?;
    let by_text = converts_by_text(from, to, sides);
    let schemas = [&sides.0.schema, &sides.1.schema];
    let others: Vec<&Mirror> = decided.values().filter_map(Disposition::mirror).collect();
    let mirror = Mirror::new(schemas, from, to, by_text, key, &others);
    Ok(Disposition::Expand(Box::new(mirror)))
}

/// Whether a column shall change its type by way of a second column: that is asked for, and the change
/// would rewrite the rows.
fn is_expanded(from: &Column, to: &Column, hints: &Hints) -> bool {
    let id = ObjectId::child(ObjectKind::Column, &to.table, &to.name);
    matches!(hints.type_changes.get(&id), Some(TypeChange::Expand))
        && rewrites(&from.data_type, &to.data_type)
}

/// The key by which a second column is filled, or why there is no way by one.
fn key_for_copy(
    from: &Column,
    to: &Column,
    sides: (&Snapshot, &Snapshot),
) -> Result<Vec<Ident>, &'static str> {
    let alone = |side: &Snapshot| {
        let schema = &side.schema;
        let table = schema.table(&to.table);
        table.is_some_and(|it| it.partition_by.is_none() && !it.has_ancestors())
            && schema.descendants(&to.table).is_empty()
    };
    if !alone(sides.0) || !alone(sides.1) {
        return Err("the table shares its columns with partitions, parents or children");
    }
    let Some((_, key)) = row_keys(&sides.0.schema, &from.table).into_iter().next() else {
        return Err(
            "the table has no primary key, and no unique constraint whose columns are NOT \
                    NULL",
        );
    };
    let column = Object::Column(from.clone()).id();
    let is_conflicting = |index: &Index| {
        let id = Object::Index(index.clone()).id();
        let uses_column = sides.0.dependencies.of(&id).any(|it| *it == column);
        index.unique && uses_column && mentions(index, &from.name)
    };
    if sides.0.schema.indexes(&from.table).any(is_conflicting) {
        return Err("a unique index uses the column in an expression or in its predicate");
    }
    not_copied(&from.data_type, &to.data_type).map_or_else(|| Ok(key.to_vec()), Err)
}

fn is_by_expression(statement: &Statement) -> bool {
    matches!(
        statement,
        Statement::AlterColumn { action: ColumnAction::SetType { using: Some(_), .. }, .. }
    )
}

fn in_place(from: &Object, to: &Object) -> Result<Disposition, PlanError> {
    let altered = alter(from, to);
    if same(&altered.reached, to) {
        return Ok(Disposition::Alter(altered));
    }
    match to {
        Object::Enum(_) | Object::Domain(_) | Object::Composite(_) => Ok(Disposition::ReplaceType),
        Object::Defined(it) if is_type(&it.id) => Ok(Disposition::ReplaceType),
        Object::Constraint(_)
        | Object::Index(_)
        | Object::Column(_)
        | Object::Defined(_)
        | Object::Privileges(_)
        | Object::DefaultPrivileges(_) => Ok(Disposition::Replace),
        Object::Namespace(_) | Object::Extension(_) | Object::Sequence(_) | Object::Table(_) => {
            let fields = aspects(&altered.reached, to).into_iter().map(|it| it.name).collect();
            Err(PlanError::Leftover { id: to.id(), fields })
        }
    }
}

fn is_type(id: &ObjectId) -> bool {
    match id.kind {
        ObjectKind::Enum | ObjectKind::Domain | ObjectKind::Composite => true,
        ObjectKind::Defined(kind) => kind.is_type(),
        ObjectKind::Namespace
        | ObjectKind::Extension
        | ObjectKind::Sequence
        | ObjectKind::Table
        | ObjectKind::Column
        | ObjectKind::Constraint
        | ObjectKind::Index
        | ObjectKind::Privileges
        | ObjectKind::DefaultPrivileges => false,
    }
}

/// ALTER ATTRIBUTE … TYPE is refused while a column holds values of the composite type
/// (`find_composite_type_dependencies`): it is replaced by a new one.
fn replace_used_composites(
    sides: (&Snapshot, &Snapshot),
    needs: &DependencyMap,
    dispositions: &mut Dispositions,
) {
    let retypes = |it: &Statement| {
        matches!(it, Statement::AlterComposite { action: AttributeAction::SetType(_), .. })
    };
    let altered = dispositions.iter().filter(|(_, it)| match it {
        Disposition::Alter(altered) => altered.statements.iter().any(retypes),
        Disposition::Create
        | Disposition::Drop
        | Disposition::DetachAndDrop
        | Disposition::Replace
        | Disposition::Expand(_)
        | Disposition::ReplaceType => false,
    });
    let altered = altered.map(|(id, _)| id.clone());
    let used: Vec<ObjectId> =
        altered.filter(|it| is_used(it, sides, needs, dispositions)).collect();
    dispositions.extend(used.into_iter().map(|it| (it, Disposition::ReplaceType)));
}

/// Whether columns or other types are of a type.
fn is_used(
    id: &ObjectId,
    sides: (&Snapshot, &Snapshot),
    needs: &DependencyMap,
    dispositions: &Dispositions,
) -> bool {
    let by_type = needs.needed_by(id).any(is_type);
    by_type || !columns_of_type(id, sides, dispositions).is_empty()
}

/// A type that no column and no other type uses is dropped and created again instead.
fn replace_unused_types(
    sides: (&Snapshot, &Snapshot),
    needs: &DependencyMap,
    dispositions: &mut Dispositions,
) {
    let replaced = dispositions.iter().filter(|it| matches!(it.1, Disposition::ReplaceType));
    let replaced = replaced.map(|(id, _)| id.clone());
    let unused: Vec<ObjectId> =
        replaced.filter(|it| !is_used(it, sides, needs, dispositions)).collect();
    for id in unused {
        dispositions.insert(id, Disposition::Replace);
    }
}

/// What depends on a dropped object is dropped before it, and recreated if it is still wanted.
fn spread(
    (before, after): (&Snapshot, &Snapshot),
    needs: &DependencyMap,
    dispositions: &mut Dispositions,
) {
    let gone =
        |it: &(&ObjectId, &Disposition)| it.1.removes() || matches!(it.1, Disposition::ReplaceType);
    let mut queue: Vec<ObjectId> =
        dispositions.iter().filter(gone).map(|(id, _)| id.clone()).collect();
    while let Some(id) = queue.pop() {
        if matches!(dispositions.get(&id), Some(Disposition::ReplaceType)) {
            retyped::retype_columns_of(&id, (before, after), needs, dispositions, &mut queue);
        }
        for dependent in needs.needed_by(&id) {
            if dispositions.get(dependent).is_some_and(Disposition::removes)
                || references_as_partition(&before.schema, dependent, &id)
            {
                continue;
            }
            if is_type(dependent) && is_type(&id) {
                replace_type(dependent, after, dispositions, &mut queue);
                continue;
            }
            if is_dropped_with(dependent, &id, (before, after), dispositions) {
                remove(dependent, after, dispositions);
                queue.push(dependent.clone());
            }
        }
    }
}

/// Whether what depends on a dropped object is dropped with it. A domain or a column that stays loses only
/// its default first.
fn is_dropped_with(
    dependent: &ObjectId,
    id: &ObjectId,
    sides: (&Snapshot, &Snapshot),
    dispositions: &mut Dispositions,
) -> bool {
    match sides.0.schema.get(dependent) {
        Some(
            Object::Constraint(_) | Object::Index(_) | Object::Defined(_) | Object::Privileges(_),
        ) => true,
        // A foreign table holds no rows of its own.
        Some(Object::Table(table)) if table.foreign.is_some() => {
            inherited::replace(&table.name, sides, dispositions);
            true
        }
        Some(Object::Domain(domain)) => {
            release_domain(domain, sides.1, dispositions);
            false
        }
        Some(Object::Column(column)) => {
            let standing = release_default(column, id, sides.1, dispositions);
            is_generated(column) && !standing
        }
        _ => false,
    }
}

/// A type over one that is replaced is replaced with it.
fn replace_type(
    id: &ObjectId,
    after: &Snapshot,
    dispositions: &mut Dispositions,
    queue: &mut Vec<ObjectId>,
) {
    if matches!(dispositions.get(id), Some(Disposition::ReplaceType)) {
        return;
    }
    let stays = after.schema.contains(id);
    let disposition = if stays { Disposition::ReplaceType } else { Disposition::Drop };
    dispositions.insert(id.clone(), disposition);
    queue.push(id.clone());
}

/// The default and the checks of a domain that need a dropped object are dropped before it, and
/// restored.
fn release_domain(domain: &Domain, after: &Snapshot, dispositions: &mut Dispositions) {
    let id = ObjectId::named(ObjectKind::Domain, &domain.name);
    let Some(Object::Domain(wanted)) = after.schema.get(&id) else { return };
    if dispositions.get(&id).is_some_and(|it| !matches!(it, Disposition::Alter(_))) {
        return;
    }
    let bare = |it: &Domain| Domain { default: None, checks: Vec::new(), ..it.clone() };
    let changed = |from: Domain, to: Domain| alter(&from.into(), &to.into()).statements;
    let altered = Altered {
        release: changed(domain.clone(), bare(domain)),
        statements: changed(bare(domain), wanted.clone()),
        late: Vec::new(),
        reached: wanted.clone().into(),
    };
    dispositions.insert(id, Disposition::Alter(altered));
}

/// A default that needs a dropped object is dropped before it, and set again when that is back. Returns
/// whether that is all the column needs.
fn release_default(
    column: &Column,
    gone: &ObjectId,
    after: &Snapshot,
    dispositions: &mut Dispositions,
) -> bool {
    let of_type = type_name(column) == gone.qualified_name() && is_type(gone);
    let id = ObjectId::child(ObjectKind::Column, &column.table, &column.name);
    let Some(Object::Column(wanted)) = after.schema.get(&id) else { return false };
    if of_type
        || default_of(column).is_none()
        || dispositions.get(&id).is_some_and(Disposition::removes)
    {
        return false;
    }
    let name = ColumnRef { table: column.table.clone(), column: column.name.clone() };
    let say = |action| Statement::AlterColumn { column: name.clone(), action };
    let untouched = || Disposition::Alter(alter(&column.clone().into(), &column.clone().into()));
    let Disposition::Alter(altered) = dispositions.entry(id).or_insert_with(untouched) else {
        return false;
    };
    let drop = say(ColumnAction::DropDefault);
    altered.statements.retain(|it| *it != drop);
    if !altered.release.contains(&drop) {
        altered.release.push(drop);
        let set = default_of(wanted).map(|it| say(ColumnAction::SetDefault(it.clone())));
        let missing = set.filter(|it| !altered.statements.contains(it));
        altered.statements.extend(missing);
    }
    true
}
