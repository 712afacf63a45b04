//! Tables that have their columns from others.
//!
//! What changes at a parent reaches its children by itself; what a child says otherwise is put right
//! afterwards. A table that is attached, detached or moved to other parents stands alone in between,
//! so it is planned as if it had everything of its own on both sides.

use std::collections::BTreeSet;

use crate::diff::{Change, diff};
use crate::model::Schema;
use crate::model::attached::{attached_name, written_name};
use crate::model::column::{Column, ColumnValue};
use crate::model::composite::CompositeType;
use crate::model::constraint::{Constraint, ConstraintRule};
use crate::model::ident::{Ident, QualifiedName};
use crate::model::index::Index;
use crate::model::not_null::made_not_null_name;
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::model::sequence::ColumnRef;
use crate::model::snapshot::Snapshot;
use crate::model::table::Table;

use super::alter::not_null::name_inherited;
use super::alter::{Altered, alter};
use super::column::user_type;
use super::error::PlanError;
use super::locality::{Locality, declaring, of_column};
use super::statement::{ColumnAction, NotNullAction, Statement};
use super::treatment::{Treatment, Treatments};

/// The release from which NOT NULL constraints have names (`pg_constraint.contype` is `n`).
const NAMED_NOT_NULL_SINCE: u32 = 18;

/// Both sides and the changes between them, with tables that change their parents standing alone.
/// None where there is no such table.
pub(super) fn standing_alone(
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
    let hangs = |id: &ObjectId| {
        let own =
            matches!(id.kind, ObjectKind::Column | ObjectKind::Constraint | ObjectKind::Index);
        own && id.table_name().is_some_and(|it| moved.contains(&it))
    };
    let mut changed: Vec<Change> = changes.iter().filter(|it| !hangs(&it.id())).cloned().collect();
    changed.extend(diff(&before.schema, &after.schema).into_iter().filter(|it| hangs(&it.id())));
    Some((before, after, changed))
}

/// The tables of composite types that change. They let go of the type meanwhile, and their columns
/// change like those of any other table.
pub(super) fn of_changed_types(
    from: &Snapshot,
    to: &Snapshot,
    changes: &[Change],
) -> BTreeSet<QualifiedName> {
    let mut changed: BTreeSet<QualifiedName> = changes.iter().filter_map(changed_type).collect();
    // A type over a changed one may have to step aside with it.
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
        let stays = to.schema.table(&it.name).is_some_and(|to| to.is_linked_as(it));
        stays && it.of_type.as_ref().is_some_and(|it| changed.contains(it))
    });
    of_changed.map(|it| it.name.clone()).collect()
}

/// The tables that join a type whose attributes stand in another order than their own columns do: a
/// new column comes last.
pub(super) fn wrong_orders(from: &Snapshot, to: &Snapshot, changes: &[Change]) -> Vec<PlanError> {
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
pub(super) fn wrong_names(from: &Snapshot, to: &Snapshot, changes: &[Change]) -> Vec<PlanError> {
    let columns = changes.iter().map(Change::id).filter(|it| it.kind == ObjectKind::Column);
    let refused = columns.filter_map(|id| {
        let (table, name) = (id.table_name()?, &id.name);
        let stays = from.schema.table(&table)?.is_linked_as(to.schema.table(&table)?);
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

/// What such a table is told before and after its type changes.
pub(super) fn let_go_of_type(table: &Table, treatments: &mut Treatments) {
    let untouched = || Treatment::Alter(alter(&table.clone().into(), &table.clone().into()));
    let id = ObjectId::table(&table.name);
    if let Treatment::Alter(altered) = treatments.entry(id).or_insert_with(untouched) {
        let of = |of_type| Statement::SetType { table: table.name.clone(), of_type };
        altered.release.push(of(None));
        altered.late.push(of(table.of_type.clone()));
    }
}

/// What a table is told that leaves its parents and joins them again; one that changes its parents is
/// told so anyway.
pub(super) fn leave_and_join(table: &Table, treatments: &mut Treatments) {
    let untouched = || Treatment::Alter(alter(&table.clone().into(), &table.clone().into()));
    let id = ObjectId::table(&table.name);
    let Treatment::Alter(altered) = treatments.entry(id).or_insert_with(untouched) else { return };
    let joins = |it: &Statement| matches!(it, Statement::SetInherit { inherit: true, .. });
    if altered.late.iter().any(joins) {
        return;
    }
    let say = |parent: &QualifiedName, inherit| Statement::SetInherit {
        table: table.name.clone(),
        parent: parent.clone(),
        inherit,
    };
    altered.release.extend(table.inherits.iter().map(|it| say(it, false)));
    altered.late.extend(table.inherits.iter().map(|it| say(it, true)));
}

/// The table that a change attaches, detaches or moves.
fn moved(change: &Change) -> Option<QualifiedName> {
    match change {
        Change::Alter { from: Object::Table(from), to: Object::Table(to) } => {
            (!from.is_linked_as(to)).then(|| to.name.clone())
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
        if has_names && own.not_null && called != made_not_null_name(name, column) {
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

/// The index of a partition that is attached to one of its parent.
pub(super) fn child_index(index: &Index, table: &QualifiedName, name: Ident) -> Index {
    let (clustered, comment, valid) = (false, None, true);
    Index { table: table.clone(), name, clustered, comment, valid, ..index.clone() }
}

/// A table that would have to give its rows to others.
pub(super) fn impossible(from: &Table, to: &Table) -> Option<PlanError> {
    let repartitioned = from.partition_by != to.partition_by;
    let becomes_foreign = from.foreign.is_none() && to.foreign.is_some();
    let holds_rows = from.foreign.is_none();
    ((repartitioned && holds_rows) || becomes_foreign)
        .then(|| PlanError::RowsWouldMove { id: ObjectId::table(&to.name) })
}

/// A foreign table holds no rows: another server, or none, asks for a new table.
pub(super) fn is_replaced(from: &Table, to: &Table) -> bool {
    let server = |it: &Table| it.foreign.as_ref().map(|it| it.server.clone());
    from.foreign.is_some() && server(from) != server(to)
}

/// Replaces a table with all that hangs on it.
pub(super) fn replace(
    table: &QualifiedName,
    (from, to): (&Snapshot, &Snapshot),
    treatments: &mut Treatments,
) {
    let hangs =
        |id: &ObjectId| id.table_name().as_ref() == Some(table) || *id == ObjectId::table(table);
    for (id, _) in to.schema.iter().filter(|it| hangs(it.0)) {
        let both = from.schema.contains(id);
        let treatment = if both { Treatment::Replace } else { Treatment::Create };
        treatments.insert(id.clone(), treatment);
    }
    let gone = from.schema.iter().filter(|it| hangs(it.0) && !to.schema.contains(it.0));
    treatments.extend(gone.map(|(id, _)| (id.clone(), Treatment::Drop)));
}

/// Whether a column comes from elsewhere on both sides, so that nobody adds or drops it here.
pub(super) fn is_heir(id: &ObjectId, from: &Snapshot, to: &Snapshot) -> bool {
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
pub(super) fn own_below(schema: &Schema, column: &ObjectId) -> Vec<ObjectId> {
    let Some(table) = column.table_name().filter(|_| column.kind == ObjectKind::Column) else {
        return Vec::new();
    };
    let below = schema.descendants(&table).into_iter();
    let columns = below.map(|it| ObjectId::child(ObjectKind::Column, &it.name, &column.name));
    columns.filter(|it| schema.contains(it)).collect()
}

/// Puts right what children say otherwise, after all that their parents' changes have done to them.
pub(super) fn put_right(from: &Snapshot, to: &Snapshot, treatments: &mut Treatments) {
    for table in parents_first(&to.schema) {
        let stays = from.schema.table(&table.name).is_some_and(Table::has_ancestors);
        let made = treatments.get(&ObjectId::table(&table.name)).is_some_and(Treatment::makes);
        if !stays || made {
            continue;
        }
        for name in to.schema.column_names(&table.name) {
            let id = ObjectId::child(ObjectKind::Column, &table.name, &name);
            if !is_heir(&id, from, to) {
                continue;
            }
            let Some(wanted) = to.schema.column(&table.name, &name) else { continue };
            let reached = reached(from, to, &id, treatments);
            let Some(reached) = reached.or_else(|| to.schema.inherited_column(&table.name, &name))
            else {
                continue;
            };
            let (mut reached, mut wanted) = (reached, wanted);
            name_inherited(&to.schema, &mut reached, &mut wanted);
            let altered = alter(&reached.into(), &wanted.into());
            if altered.says_something() {
                treatments.insert(id, Treatment::Alter(altered));
            }
        }
    }
}

/// Tables with parents, each after its own.
fn parents_first(schema: &Schema) -> Vec<&Table> {
    let mut found: Vec<&Table> = Vec::new();
    for root in schema.tables().filter(|it| it.parents().next().is_none()) {
        found.extend(schema.descendants(&root.name));
        found.extend(root.of_type.is_some().then_some(root));
    }
    found
}

/// A child's column after its ancestors have changed; none where it has come new from them.
fn reached(
    from: &Snapshot,
    to: &Snapshot,
    id: &ObjectId,
    treatments: &Treatments,
) -> Option<Column> {
    let table = id.table_name()?;
    let mut column = from.schema.column(&table, &id.name)?;
    let link = to.schema.table(&table)?;
    let mut lines: Vec<QualifiedName> = Vec::new();
    let mut next: Vec<&QualifiedName> = link.parents().collect();
    while let Some(parent) = next.pop() {
        lines.insert(0, parent.clone());
        next.extend(to.schema.table(parent).into_iter().flat_map(Table::parents));
    }
    for ancestor in lines {
        match treatments.get(&ObjectId::child(ObjectKind::Column, &ancestor, &id.name)) {
            Some(Treatment::Alter(altered)) => carry_out(altered, &mut column),
            Some(Treatment::Create | Treatment::Replace | Treatment::Expand(_)) => return None,
            Some(Treatment::Drop | Treatment::DetachAndDrop | Treatment::ReplaceType) | None => {}
        }
    }
    Some(column)
}

fn carry_out(altered: &Altered, column: &mut Column) {
    let said = altered.release.iter().chain(&altered.statements);
    for statement in said {
        match statement {
            Statement::AlterColumn { action, .. } => recurse(action, column),
            Statement::NotNull { action, .. } => recurse_not_null(action, column),
            _ => {}
        }
    }
}

/// What ALTER COLUMN does to the columns of children (`ATPrepCmd` in the server).
fn recurse(action: &ColumnAction, column: &mut Column) {
    match action {
        ColumnAction::SetType { to, collation, .. } => {
            column.data_type = to.clone();
            column.collation.clone_from(collation);
        }
        ColumnAction::SetDefault(expression) => {
            column.value = ColumnValue::Default(expression.clone());
        }
        ColumnAction::DropDefault | ColumnAction::DropExpression => {
            column.value = ColumnValue::None;
        }
        ColumnAction::SetNotNull => column.not_null = true,
        ColumnAction::DropNotNull => column.not_null = false,
        ColumnAction::SetStorage(storage) => column.storage = *storage,
        ColumnAction::SetStatistics(statistics) => column.statistics = *statistics,
        ColumnAction::AddIdentity(_)
        | ColumnAction::AlterIdentity { .. }
        | ColumnAction::DropIdentity
        | ColumnAction::SetCompression(_)
        | ColumnAction::SetOptions { .. }
        | ColumnAction::SetForeignOptions { .. } => {}
    }
}

/// The same for what is said of a NOT NULL constraint. A child has the name of its parent.
fn recurse_not_null(action: &NotNullAction, column: &mut Column) {
    match action {
        NotNullAction::Add(it) if !it.no_inherit => {
            column.not_null = true;
            column.not_null_constraint.validated = it.validated;
        }
        NotNullAction::SetInherit { inherit: true, .. } => column.not_null = true,
        NotNullAction::Validate(_) => column.not_null_constraint.validated = true,
        // What is no longer inherited stays as the child's own.
        NotNullAction::Add(_) | NotNullAction::SetInherit { inherit: false, .. } => {}
    }
}

/// The constraints of partitions whose index hangs on an index of the parent: neither goes without
/// the other.
pub(super) fn held_by(schema: &Schema, index: &ObjectId) -> Vec<ObjectId> {
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

/// Constraints that go with an index of the parent.
pub(super) fn taken_along(from: &Snapshot, treatments: &Treatments) -> Vec<ObjectId> {
    let gone = treatments.iter().filter(|(_, it)| it.removes());
    gone.flat_map(|(id, _)| held_by(&from.schema, id)).collect()
}
