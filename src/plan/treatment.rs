//! What happens to each object that a plan touches, and which others it drags along.

use std::collections::BTreeMap;

use crate::diff::aspect::aspects;
use crate::diff::{Change, same};
use crate::model::column::{Column, ColumnValue};
use crate::model::declared::{Hints, TypeChange};
use crate::model::domain::Domain;
use crate::model::index::Index;
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::model::sequence::ColumnRef;
use crate::model::snapshot::Snapshot;
use crate::model::table::Table;

use super::alter::{Altered, alter};
use super::cast::rewrites;
use super::column::{Retype, converts_by_text, default_of, is_generated, retype, type_name};
use super::dependencies::{DependencyMap, references_as_partition};
use super::error::PlanError;
use super::mirror::{Mirror, has_equality};
use super::retyped::{self, Retyped, columns_of_type};
use super::row_key::row_keys;
use super::statement::{AttributeAction, ColumnAction, Statement};
use super::{hierarchy, locality, partition};

/// What happens to one object.
pub(super) enum Treatment {
    /// It is made.
    Create,
    /// It goes.
    Drop,
    /// A partition is detached from its parent, which stays, and dropped after that.
    DetachAndDrop,
    /// It is changed where it stands.
    Alter(Altered),
    /// It goes and comes back in its new form.
    Replace,
    /// A column gives way to a second one that has its values in another type.
    Expand(Box<Mirror>),
    /// A type gives way to a new one of the same name, and its columns move over.
    ReplaceType,
}

impl Treatment {
    /// Whether the object as it was ceases to be.
    pub(super) fn removes(&self) -> bool {
        matches!(self, Self::Drop | Self::DetachAndDrop | Self::Replace | Self::Expand(_))
    }

    /// Whether what stands on the object need not know: only its comment, its default or the way its
    /// values are stored changes.
    pub(super) fn is_quiet(&self) -> bool {
        use ColumnAction::{DropDefault, SetCompression, SetDefault, SetStatistics, SetStorage};
        let Self::Alter(altered) = self else { return false };
        altered.release.is_empty()
            && altered.statements.iter().all(|it| match it {
                Statement::Comment { .. } => true,
                Statement::AlterColumn { action, .. } => matches!(
                    action,
                    SetDefault(_)
                        | DropDefault
                        | SetStorage(_)
                        | SetCompression(_)
                        | SetStatistics(_)
                ),
                _ => false,
            })
    }

    /// Whether the object as it shall be is made anew.
    pub(super) fn makes(&self) -> bool {
        matches!(self, Self::Create | Self::Replace | Self::Expand(_))
    }
}

pub(super) type Treatments = BTreeMap<ObjectId, Treatment>;

/// Decides for every changed object, then for those that depend on what goes.
pub(super) fn decide(
    changes: &[Change],
    sides: (&Snapshot, &Snapshot),
    needs: &DependencyMap,
    hints: &Hints,
    online: bool,
) -> Result<Treatments, Vec<PlanError>> {
    let (mut treatments, mut errors) = (Treatments::new(), Vec::new());
    let (mut retyped, mut replaced) = (Vec::new(), Vec::new());
    for change in changes {
        let treatment = match change {
            _ if hierarchy::is_heir(&change.id(), sides.0, sides.1) => continue,
            Change::Create(_) => Ok(Treatment::Create),
            Change::Drop(_) => Ok(Treatment::Drop),
            Change::Alter { from: Object::Table(from), to: Object::Table(to) } => {
                if hierarchy::is_replaced(from, to) {
                    replaced.push(&to.name);
                    continue;
                }
                table(from, to)
            }
            Change::Alter { from: Object::Column(from), to: Object::Column(to) } => {
                column(from, to, sides, (hints, online), &mut retyped)
            }
            Change::Alter { from, to } => in_place(from, to),
            Change::Rename { .. } | Change::RenameLabel { .. } => continue,
        };
        match treatment {
            Ok(treatment) => drop(treatments.insert(change.id(), treatment)),
            Err(error) => errors.push(error),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    for table in replaced {
        hierarchy::replace(table, sides, &mut treatments);
    }
    replace_used_composites(sides, needs, &mut treatments);
    replace_unused_types(sides, needs, &mut treatments);
    for column in &retyped {
        retyped::drag_along(*column, sides, needs, &mut treatments);
        if online {
            retyped::set_indexes_aside(*column, sides, &mut treatments);
        }
    }
    for id in locality::checks_to_repeat(sides.0, sides.1) {
        remove(&id, sides.1, &mut treatments);
    }
    for id in hierarchy::taken_along(sides.0, &treatments) {
        remove(&id, sides.1, &mut treatments);
    }
    for id in partition::keys_of_reattached(sides, needs, &treatments) {
        remove(&id, sides.1, &mut treatments);
    }
    spread(sides, needs, &mut treatments);
    partition::detach_before_drop(sides, needs, &mut treatments);
    hierarchy::put_right(sides.0, sides.1, &mut treatments);
    retyped::release_defaults_below(&retyped, sides, &mut treatments);
    let fixed = retyped::impossible(&retyped, sides, needs, &treatments);
    if fixed.is_empty() { Ok(treatments) } else { Err(fixed) }
}

fn table(from: &Table, to: &Table) -> Result<Treatment, PlanError> {
    match hierarchy::impossible(from, to) {
        Some(error) => Err(error),
        None => in_place(&from.clone().into(), &to.clone().into()),
    }
}

fn column<'a>(
    from: &'a Column,
    to: &'a Column,
    sides: (&Snapshot, &Snapshot),
    (hints, online): (&Hints, bool),
    retyped: &mut Vec<Retyped<'a>>,
) -> Result<Treatment, PlanError> {
    // A generated column holds nothing of its own: its expression or type changes by making it anew.
    if is_generated(to) && (from.value != to.value || from.data_type != to.data_type) {
        return Ok(Treatment::Replace);
    }
    let retype = retype(from, to, sides, hints)?;
    let mut converted = from.clone();
    let mut statements = Vec::new();
    match retype {
        Retype::Unchanged => {}
        Retype::Replace => return Ok(Treatment::Replace),
        Retype::Alter { .. } if online && expands(from, to, sides, hints) => {
            if row_keys(&sides.0.schema, &from.table).is_empty() {
                let (table, column) = (from.table.clone(), from.name.clone());
                return Err(PlanError::NoRowKey { column: ColumnRef { table, column } });
            }
            let by_text = converts_by_text(from, to, sides);
            let schemas = [&sides.0.schema, &sides.1.schema];
            return Ok(Treatment::Expand(Box::new(Mirror::new(schemas, from, to, by_text))));
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
        Treatment::Alter(mut altered) => {
            statements.append(&mut altered.statements);
            Ok(Treatment::Alter(Altered { statements, ..altered }))
        }
        other => Ok(other),
    }
}

/// Whether a column shall change its type by way of a second column: that is asked for, and the change
/// would write the rows anew. A table that shares its columns with others has no such way.
fn expands(from: &Column, to: &Column, sides: (&Snapshot, &Snapshot), hints: &Hints) -> bool {
    let id = ObjectId::child(ObjectKind::Column, &to.table, &to.name);
    let asked = matches!(hints.type_changes.get(&id), Some(TypeChange::Expand));
    let alone = |side: &Snapshot| {
        let schema = &side.schema;
        let table = schema.table(&to.table);
        table.is_some_and(|it| it.partition_by.is_none() && !it.has_ancestors())
            && schema.descendants(&to.table).is_empty()
    };
    asked
        && rewrites(&from.data_type, &to.data_type)
        && has_equality(&to.data_type)
        && alone(sides.0)
        && alone(sides.1)
}

fn is_by_expression(statement: &Statement) -> bool {
    matches!(
        statement,
        Statement::AlterColumn { action: ColumnAction::SetType { using: Some(_), .. }, .. }
    )
}

fn in_place(from: &Object, to: &Object) -> Result<Treatment, PlanError> {
    let altered = alter(from, to);
    if same(&altered.reached, to) {
        return Ok(Treatment::Alter(altered));
    }
    match to {
        Object::Enum(_) | Object::Domain(_) | Object::Composite(_) => Ok(Treatment::ReplaceType),
        Object::Defined(it) if is_type(&it.id) => Ok(Treatment::ReplaceType),
        Object::Constraint(_)
        | Object::Index(_)
        | Object::Column(_)
        | Object::Defined(_)
        | Object::Privileges(_)
        | Object::DefaultPrivileges(_) => Ok(Treatment::Replace),
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
        _ => false,
    }
}

/// ALTER ATTRIBUTE … TYPE is refused while a column holds values of the composite type
/// (`find_composite_type_dependencies`): it is replaced by a new one.
fn replace_used_composites(
    sides: (&Snapshot, &Snapshot),
    needs: &DependencyMap,
    treatments: &mut Treatments,
) {
    let retypes = |it: &Statement| {
        matches!(it, Statement::AlterComposite { action: AttributeAction::SetType(_), .. })
    };
    let altered = treatments.iter().filter(|(_, it)| match it {
        Treatment::Alter(altered) => altered.statements.iter().any(retypes),
        Treatment::Create
        | Treatment::Drop
        | Treatment::DetachAndDrop
        | Treatment::Replace
        | Treatment::Expand(_)
        | Treatment::ReplaceType => false,
    });
    let altered = altered.map(|(id, _)| id.clone());
    let used: Vec<ObjectId> = altered.filter(|it| is_used(it, sides, needs, treatments)).collect();
    treatments.extend(used.into_iter().map(|it| (it, Treatment::ReplaceType)));
}

/// Whether columns or other types are of a type.
fn is_used(
    id: &ObjectId,
    sides: (&Snapshot, &Snapshot),
    needs: &DependencyMap,
    treatments: &Treatments,
) -> bool {
    let by_type = needs.needed_by(id).any(is_type);
    by_type || !columns_of_type(id, sides, treatments).is_empty()
}

/// A type that no column and no other type uses is dropped and created again instead.
fn replace_unused_types(
    sides: (&Snapshot, &Snapshot),
    needs: &DependencyMap,
    treatments: &mut Treatments,
) {
    let replaced = treatments.iter().filter(|it| matches!(it.1, Treatment::ReplaceType));
    let replaced = replaced.map(|(id, _)| id.clone());
    let unused: Vec<ObjectId> =
        replaced.filter(|it| !is_used(it, sides, needs, treatments)).collect();
    for id in unused {
        treatments.insert(id, Treatment::Replace);
    }
}

/// What depends on something that goes must go before it, and comes back if it is still wanted.
fn spread(
    (before, after): (&Snapshot, &Snapshot),
    needs: &DependencyMap,
    treatments: &mut Treatments,
) {
    let gone =
        |it: &(&ObjectId, &Treatment)| it.1.removes() || matches!(it.1, Treatment::ReplaceType);
    let mut queue: Vec<ObjectId> =
        treatments.iter().filter(gone).map(|(id, _)| id.clone()).collect();
    while let Some(id) = queue.pop() {
        if matches!(treatments.get(&id), Some(Treatment::ReplaceType)) {
            retyped::drag_along_moved(&id, (before, after), needs, treatments, &mut queue);
        }
        for dependent in needs.needed_by(&id) {
            if treatments.get(dependent).is_some_and(Treatment::removes)
                || references_as_partition(&before.schema, dependent, &id)
            {
                continue;
            }
            if is_type(dependent) && is_type(&id) {
                replace_type(dependent, after, treatments, &mut queue);
                continue;
            }
            let drags = match before.schema.get(dependent) {
                Some(
                    Object::Constraint(_)
                    | Object::Index(_)
                    | Object::Defined(_)
                    | Object::Privileges(_),
                ) => true,
                // A foreign table holds no rows of its own.
                Some(Object::Table(table)) if table.foreign.is_some() => {
                    hierarchy::replace(&table.name, (before, after), treatments);
                    true
                }
                Some(Object::Domain(domain)) => {
                    release_domain(domain, after, treatments);
                    false
                }
                Some(Object::Column(column)) => {
                    let standing = release_default(column, &id, after, treatments);
                    is_generated(column) && !standing
                }
                _ => false,
            };
            if drags {
                remove(dependent, after, treatments);
                queue.push(dependent.clone());
            }
        }
    }
}

/// A type over one that steps aside steps aside with it.
fn replace_type(
    id: &ObjectId,
    after: &Snapshot,
    treatments: &mut Treatments,
    queue: &mut Vec<ObjectId>,
) {
    if matches!(treatments.get(id), Some(Treatment::ReplaceType)) {
        return;
    }
    let stays = after.schema.contains(id);
    let treatment = if stays { Treatment::ReplaceType } else { Treatment::Drop };
    treatments.insert(id.clone(), treatment);
    queue.push(id.clone());
}

/// The default and the checks of a domain let go of what goes, and come back.
fn release_domain(domain: &Domain, after: &Snapshot, treatments: &mut Treatments) {
    let id = ObjectId::named(ObjectKind::Domain, &domain.name);
    let Some(Object::Domain(wanted)) = after.schema.get(&id) else { return };
    if treatments.get(&id).is_some_and(|it| !matches!(it, Treatment::Alter(_))) {
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
    treatments.insert(id, Treatment::Alter(altered));
}

/// A default that calls what goes is dropped before it, and set again when it is back. Gives back
/// whether that is all the column needs.
fn release_default(
    column: &Column,
    gone: &ObjectId,
    after: &Snapshot,
    treatments: &mut Treatments,
) -> bool {
    let of_type = type_name(column) == gone.qualified_name() && is_type(gone);
    let id = ObjectId::child(ObjectKind::Column, &column.table, &column.name);
    let Some(Object::Column(wanted)) = after.schema.get(&id) else { return false };
    if of_type
        || default_of(column).is_none()
        || treatments.get(&id).is_some_and(Treatment::removes)
    {
        return false;
    }
    let name = ColumnRef { table: column.table.clone(), column: column.name.clone() };
    let say = |action| Statement::AlterColumn { column: name.clone(), action };
    let untouched = || Treatment::Alter(alter(&column.clone().into(), &column.clone().into()));
    let Treatment::Alter(altered) = treatments.entry(id).or_insert_with(untouched) else {
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

pub(super) fn remove(id: &ObjectId, after: &Snapshot, treatments: &mut Treatments) {
    let treatment = if after.schema.contains(id) { Treatment::Replace } else { Treatment::Drop };
    treatments.insert(id.clone(), treatment);
}

/// Whether an index can be replaced without a moment in which there is none: the new one is built
/// under another name while the old one serves. Everything it stands on must stay as it is.
pub(super) fn can_swap(
    from: &Index,
    to: &Index,
    needs: (&DependencyMap, &DependencyMap),
    treatments: &Treatments,
) -> bool {
    let id = Object::Index(to.clone()).id();
    from.valid && stands_firm(&id, needs.0, treatments) && stands_firm(&id, needs.1, treatments)
}

/// Whether all that an index stands on stays as it is.
pub(super) fn stands_firm(id: &ObjectId, needs: &DependencyMap, treatments: &Treatments) -> bool {
    let mut below = needs.needs(id).filter(|it| it.kind != ObjectKind::Table);
    below.all(|it| treatments.get(it).is_none_or(Treatment::is_quiet))
}
