//! New columns of a declaration that need no engine: they contain no expression, nothing reads
//! their table, and another column has the same type, so it is known how PostgreSQL prints it.

use std::collections::BTreeSet;

use crate::model::Schema;
use crate::model::column::{Column, ColumnValue};
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::model::snapshot::Snapshot;

use super::web::Web;

/// The names that no column can have (manual, 5.5 "System Columns").
const SYSTEM_COLUMNS: [&str; 6] = ["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"];

/// How long a name can be, in bytes (NAMEDATALEN, less one).
const LONGEST_NAME: usize = 63;

/// What was declared last, and what the engine made of it.
pub(super) struct Before<'a> {
    pub(super) written: &'a Schema,
    pub(super) printed: &'a Snapshot,
}

/// What a declaration makes that differs from the one before in new columns alone. None where an engine has
/// to be asked.
pub(super) fn with_new_columns(
    before: &Before<'_>,
    wanted: &Schema,
    changed: &BTreeSet<ObjectId>,
    web: &Web<'_>,
) -> Option<Snapshot> {
    let mut made = before.printed.clone();
    for id in changed {
        let Some(Object::Column(column)) = wanted.get(id) else { return None };
        if !is_plain_table(wanted, id) {
            return None;
        }
        let Some(known) = before.written.get(id) else {
            let alike = alike(before, column)?;
            let needs: Vec<ObjectId> = before.printed.dependencies.of(alike).cloned().collect();
            needs.into_iter().for_each(|it| made.dependencies.insert(id.clone(), it));
            made.schema.insert(column.clone());
            continue;
        };
        // Where it stands is for the columns before it to say.
        let Object::Column(known) = known else { return None };
        let Object::Column(printed) = before.printed.schema.get(id)? else { return None };
        let moved = Column { position: column.position, ..known.clone() };
        if moved != *column || printed.position != known.position {
            return None;
        }
        made.schema.insert(Column { position: column.position, ..printed.clone() });
    }
    let tables: BTreeSet<ObjectId> = changed.iter().filter_map(ObjectId::parent).collect();
    let is_of_table = |id: &ObjectId| {
        let table = id.parent().unwrap_or_else(|| id.clone());
        tables.contains(&table) && !matches!(id.kind, ObjectKind::Defined(_))
    };
    // They name other columns, or none.
    let reads_no_row = |id: &ObjectId| {
        matches!(id.kind, ObjectKind::Constraint | ObjectKind::Sequence | ObjectKind::Privileges)
    };
    web.touched_by(changed).iter().all(|it| is_of_table(it) || reads_no_row(it)).then_some(made)
}

/// Whether the table of a column stands alone.
fn is_plain_table(schema: &Schema, column: &ObjectId) -> bool {
    let table = column.table_name().and_then(|it| schema.table(&it));
    table.is_some_and(|it| {
        let has_children = schema.tables().any(|heir| heir.parents().any(|name| *name == it.name));
        it.foreign.is_none() && it.partition_by.is_none() && !it.has_ancestors() && !has_children
    })
}

/// Another column of the type of a new one, which PostgreSQL has printed as it was written. None where the
/// new one says anything beside its type.
fn alike<'a>(before: &'a Before<'_>, new: &Column) -> Option<&'a ObjectId> {
    let plain = Column {
        not_null: new.not_null,
        comment: new.comment.clone(),
        ..Column::new(new.table.clone(), new.name.clone(), new.position, new.data_type.clone())
    };
    let name = new.name.as_str();
    if plain != *new || SYSTEM_COLUMNS.contains(&name) || name.len() > LONGEST_NAME {
        return None;
    }
    let is_alike = |(id, object): &(&ObjectId, &Object)| match (object, before.written.get(id)) {
        (Object::Column(printed), Some(Object::Column(written))) => {
            let types = [&printed.data_type, &written.data_type];
            // A default may need what the type does not.
            let needs_type_alone = printed.value == ColumnValue::None
                || before.printed.dependencies.of(id).next().is_none();
            !printed.inherited && needs_type_alone && types.iter().all(|it| **it == new.data_type)
        }
        _ => false,
    };
    before.printed.schema.iter().find(is_alike).map(|(id, _)| id)
}
