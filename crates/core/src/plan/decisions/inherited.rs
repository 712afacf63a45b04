//! Columns that tables inherit.
//!
//! A change of the parent also changes its children; if a child differs, it is altered afterwards.

use crate::model::Schema;
use crate::model::column::{Column, ColumnValue};
use crate::model::ident::QualifiedName;
use crate::model::object::{ObjectId, ObjectKind};
use crate::model::snapshot::Snapshot;
use crate::model::table::Table;
use crate::plan::decisions::alter::alter;
use crate::plan::decisions::alter::not_null::name_inherited;
use crate::plan::decisions::altered::Altered;
use crate::plan::decisions::disposition::{Disposition, Dispositions};
use crate::plan::error::PlanError;
use crate::plan::inheritance::inherited::{held_by, is_inherited_object};
use crate::plan::statement::{ColumnAction, NotNullAction, Statement};

/// Detaches a typed table from its type before the type changes, and attaches it again afterwards.
pub(in crate::plan) fn detach_from_type(table: &Table, dispositions: &mut Dispositions) {
    let untouched = || Disposition::Alter(alter(&table.clone().into(), &table.clone().into()));
    let id = ObjectId::table(&table.name);
    if let Disposition::Alter(altered) = dispositions.entry(id).or_insert_with(untouched) {
        let of = |of_type| Statement::SetType { table: table.name.clone(), of_type };
        altered.release.push(of(None));
        altered.late.push(of(table.of_type.clone()));
    }
}

/// Removes a table from its parents and adds it again; for one that changes its parents this is planned
/// anyway.
pub(in crate::plan) fn rejoin_parents(table: &Table, dispositions: &mut Dispositions) {
    let untouched = || Disposition::Alter(alter(&table.clone().into(), &table.clone().into()));
    let id = ObjectId::table(&table.name);
    let Disposition::Alter(altered) = dispositions.entry(id).or_insert_with(untouched) else {
        return;
    };
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

/// A table that would have to give its rows to others.
pub(in crate::plan) fn impossible(from: &Table, to: &Table) -> Option<PlanError> {
    let repartitioned = from.partition_by != to.partition_by;
    let becomes_foreign = from.foreign.is_none() && to.foreign.is_some();
    let holds_rows = from.foreign.is_none();
    ((repartitioned && holds_rows) || becomes_foreign)
        .then(|| PlanError::RowsWouldMove { id: ObjectId::table(&to.name) })
}

/// A foreign table holds no rows: another server, or none, asks for a new table.
pub(in crate::plan) fn is_replaced(from: &Table, to: &Table) -> bool {
    let server = |it: &Table| it.foreign.as_ref().map(|it| it.server.clone());
    from.foreign.is_some() && server(from) != server(to)
}

/// Replaces a table with all that belongs to it.
pub(in crate::plan) fn replace(
    table: &QualifiedName,
    (from, to): (&Snapshot, &Snapshot),
    dispositions: &mut Dispositions,
) {
    let belongs =
        |id: &ObjectId| id.table_name().as_ref() == Some(table) || *id == ObjectId::table(table);
    for (id, _) in to.schema.iter().filter(|it| belongs(it.0)) {
        let both = from.schema.contains(id);
        let disposition = if both { Disposition::Replace } else { Disposition::Create };
        dispositions.insert(id.clone(), disposition);
    }
    let gone = from.schema.iter().filter(|it| belongs(it.0) && !to.schema.contains(it.0));
    dispositions.extend(gone.map(|(id, _)| (id.clone(), Disposition::Drop)));
}

/// Restores what children declare differently from their parents, after the changes of the parents have
/// changed it.
pub(in crate::plan) fn restore_inherited(
    from: &Snapshot,
    to: &Snapshot,
    dispositions: &mut Dispositions,
) {
    for table in parents_first(&to.schema) {
        let stays = from.schema.table(&table.name).is_some_and(Table::has_ancestors);
        let made = dispositions.get(&ObjectId::table(&table.name)).is_some_and(Disposition::makes);
        if !stays || made {
            continue;
        }
        for name in to.schema.column_names(&table.name) {
            let id = ObjectId::child(ObjectKind::Column, &table.name, &name);
            if !is_inherited_object(&id, from, to) {
                continue;
            }
            let Some(wanted) = to.schema.column(&table.name, &name) else { continue };
            let reached = reached(from, to, &id, dispositions);
            let Some(reached) = reached.or_else(|| to.schema.inherited_column(&table.name, &name))
            else {
                continue;
            };
            let (mut reached, mut wanted) = (reached, wanted);
            name_inherited(&to.schema, &mut reached, &mut wanted);
            let altered = alter(&reached.into(), &wanted.into());
            if altered.says_something() {
                dispositions.insert(id, Disposition::Alter(altered));
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
    dispositions: &Dispositions,
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
        match dispositions.get(&ObjectId::child(ObjectKind::Column, &ancestor, &id.name)) {
            Some(Disposition::Alter(altered)) => carry_out(altered, &mut column),
            Some(Disposition::Create | Disposition::Replace | Disposition::Expand(_)) => {
                return None;
            }
            Some(Disposition::Drop | Disposition::DetachAndDrop | Disposition::ReplaceType)
            | None => {}
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

/// Constraints that are dropped together with an index of the parent.
pub(in crate::plan) fn dropped_with_index(
    from: &Snapshot,
    dispositions: &Dispositions,
) -> Vec<ObjectId> {
    let gone = dispositions.iter().filter(|(_, it)| it.removes());
    gone.flat_map(|(id, _)| held_by(&from.schema, id)).collect()
}
