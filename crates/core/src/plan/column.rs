//! A type change of a column: the conversion, and the default that is dropped before it.

use crate::model::column::{Column, ColumnValue};
use crate::model::declared::{Hints, TypeChange};
use crate::model::definition::DefinedKind;
use crate::model::expr::SqlExpr;
use crate::model::ident::{Ident, QualifiedName};
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::model::pg_type::PgType;
use crate::model::sequence::ColumnRef;
use crate::model::snapshot::Snapshot;
use crate::plan::cast::{Conversion, conversion, dimensions_clash};
use crate::plan::error::PlanError;
use crate::plan::statement::{ColumnAction, Statement};

/// What a change of type asks for.
pub(super) enum Retype {
    /// The type and collation stay.
    Unchanged,
    /// ALTER COLUMN TYPE, with what must be said before it.
    Alter {
        /// DROP DEFAULT, where the old default cannot follow.
        before: Vec<Statement>,
        /// The change itself.
        statement: Statement,
    },
    /// The values are given up: the column is dropped and added.
    Replace,
}

/// Plans a change of type.
///
/// # Errors
/// Where no cast leads from the one type to the other and the declaration does not say how.
pub(super) fn retype(
    from: &Column,
    to: &Column,
    sides: (&Snapshot, &Snapshot),
    hints: &Hints,
) -> Result<Retype, PlanError> {
    if from.data_type == to.data_type && from.collation == to.collation {
        return Ok(Retype::Unchanged);
    }
    let column = ColumnRef { table: to.table.clone(), column: to.name.clone() };
    let id = ObjectId::child(ObjectKind::Column, &to.table, &to.name);
    let hint = hints.type_changes.get(&id);
    let using = match hint {
        Some(TypeChange::Discard) => return Ok(Retype::Replace),
        Some(TypeChange::Using(expression)) => Some(expression.clone()),
        // What is expanded without a cast has its old type still, and what has been swapped its new one.
        Some(TypeChange::CastOrDiscard | TypeChange::Expand | TypeChange::Swap) | None => {
            match converted(from, to, sides) {
                Conversion::Assignment => None,
                Conversion::Explicit => Some(explicit_cast(from, to, sides)),
                Conversion::None if hint == Some(&TypeChange::CastOrDiscard) => {
                    return Ok(Retype::Replace);
                }
                Conversion::None if dimensions_clash(&from.data_type, &to.data_type) => {
                    let (from, to) = (from.data_type.clone(), to.data_type.clone());
                    return Err(PlanError::Dimensions { column, from, to });
                }
                Conversion::None => {
                    let (from, to) = (from.data_type.clone(), to.data_type.clone());
                    return Err(PlanError::NoCast { column, from, to });
                }
            }
        }
    };
    let mut before = Vec::new();
    if using.is_some() && matches!(from.value, ColumnValue::Default(_)) {
        let action = ColumnAction::DropDefault;
        before.push(Statement::AlterColumn { column: column.clone(), action });
    }
    let action = ColumnAction::SetType {
        from: from.data_type.clone(),
        to: to.data_type.clone(),
        collation: to.collation.clone(),
        using,
    };
    Ok(Retype::Alter { before, statement: Statement::AlterColumn { column, action } })
}

fn converted(from: &Column, to: &Column, (before, after): (&Snapshot, &Snapshot)) -> Conversion {
    if is_enum(from, before) && is_enum(to, after) && from.data_type.array == to.data_type.array {
        if from.data_type == to.data_type {
            return Conversion::Assignment;
        }
        return Conversion::Explicit;
    }
    // Either side may know a cast that the other lacks, as that of an extension created here.
    let there = conversion(&from.data_type, &to.data_type, &after.environment);
    if there == Conversion::None {
        conversion(&from.data_type, &to.data_type, &before.environment)
    } else {
        there
    }
}

/// Whether values of the one type become those of the other by way of text: two enums.
pub(super) fn converts_by_text(
    from: &Column,
    to: &Column,
    (before, after): (&Snapshot, &Snapshot),
) -> bool {
    is_enum(from, before) && is_enum(to, after)
}

/// `column::type`, by way of text between two enums.
fn explicit_cast(from: &Column, to: &Column, (before, after): (&Snapshot, &Snapshot)) -> SqlExpr {
    let (name, target) = (&to.name, &to.data_type);
    if is_enum(from, before) && is_enum(to, after) {
        let text = if target.array { "text[]" } else { "text" };
        return SqlExpr::new(format!("{name}::{text}::{target}"));
    }
    SqlExpr::new(format!("{name}::{target}"))
}

fn is_enum(column: &Column, side: &Snapshot) -> bool {
    let name = type_name(column);
    name.is_some_and(|it| side.schema.contains(&ObjectId::named(ObjectKind::Enum, &it)))
}

/// The name of the column's type, as far as a user can have made it: those take no modifiers.
pub(super) fn type_name(column: &Column) -> Option<QualifiedName> {
    user_type(&column.data_type)
}

/// The name of a type that a user can have made.
pub(super) fn user_type(data_type: &PgType) -> Option<QualifiedName> {
    let namespace = data_type.namespace.clone().unwrap_or_else(Ident::public);
    let name = QualifiedName { namespace, name: Ident::new(data_type.name.clone()) };
    data_type.modifier.is_none().then_some(name)
}

/// What the type of a name can be.
pub(super) fn types_called(name: &QualifiedName) -> impl Iterator<Item = ObjectId> {
    let kinds = [
        ObjectKind::Enum,
        ObjectKind::Domain,
        ObjectKind::Composite,
        ObjectKind::Defined(DefinedKind::RangeType),
        ObjectKind::Defined(DefinedKind::BaseType),
    ];
    kinds.into_iter().map(|it| ObjectId::named(it, name))
}

/// The default of a column, where it has one.
pub(super) fn default_of(column: &Column) -> Option<&SqlExpr> {
    match &column.value {
        ColumnValue::Default(expression) => Some(expression),
        ColumnValue::None
        | ColumnValue::Identity(_)
        | ColumnValue::Stored(_)
        | ColumnValue::Virtual(_) => None,
    }
}

/// Whether the column is computed, so that dropping it loses nothing.
pub(super) fn is_generated(column: &Column) -> bool {
    matches!(column.value, ColumnValue::Stored(_) | ColumnValue::Virtual(_))
}

/// The column in an object.
pub(super) fn as_column(object: &Object) -> Option<&Column> {
    match object {
        Object::Column(column) => Some(column),
        _ => None,
    }
}
