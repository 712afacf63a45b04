//! NOT NULL of a column: set, drop, and the properties of its constraint.

use crate::model::Schema;
use crate::model::column::Column;
use crate::model::ident::Ident;
use crate::model::not_null::{NotNull, generated_not_null_name};
use crate::model::object::{ObjectId, ObjectKind};
use crate::model::sequence::ColumnRef;
use crate::plan::statement::{ColumnAction, NotNullAction, Statement};

/// What leads from one column to the other: what comes before the column gets another value, and what
/// comes after it.
pub(in crate::plan) fn statements(from: &Column, to: &Column) -> (Vec<Statement>, Vec<Statement>) {
    match (from.not_null, to.not_null) {
        (false, false) => (Vec::new(), Vec::new()),
        (true, false) => (vec![alter(to, ColumnAction::DropNotNull)], Vec::new()),
        (false, true) => (Vec::new(), added(to)),
        (true, true) if from.not_null_constraint.validated && !to.not_null_constraint.validated => {
            // PostgreSQL forgets that rows obey only with the constraint.
            (vec![alter(to, ColumnAction::DropNotNull)], added(to))
        }
        (true, true) => (Vec::new(), changed(from, to)),
    }
}

/// SET NOT NULL, or a constraint that says more.
fn added(column: &Column) -> Vec<Statement> {
    let constraint = NotNull { comment: None, ..column.not_null_constraint.clone() };
    let statement = if constraint.is_plain() {
        alter(column, ColumnAction::SetNotNull)
    } else {
        say(column, NotNullAction::Add(constraint))
    };
    std::iter::once(statement).chain(described(column)).collect()
}

/// What a column of a new table, or a new column, is told once it is there: NOT VALID says nothing
/// inside of CREATE TABLE.
pub(in crate::plan) fn completed(column: &Column) -> Vec<Statement> {
    match (column.not_null, column.not_null_constraint.validated) {
        (false, _) => Vec::new(),
        (true, true) => described(column).into_iter().collect(),
        (true, false) => added(column),
    }
}

/// Gives both sides of a column that comes from a parent the name of its constraint, where neither has
/// one of its own.
pub(in crate::plan) fn name_inherited(schema: &Schema, from: &mut Column, to: &mut Column) {
    let named = |it: &Column| it.not_null_constraint.name.is_some();
    if from.not_null && to.not_null && !named(from) && !named(to) {
        let name = schema.not_null_name(&to.table, &to.name);
        from.not_null_constraint.name = Some(name.clone());
        to.not_null_constraint.name = Some(name);
    }
}

/// What a column of a new table is told that is valid, though that of the parent which it comes from is
/// not: what is said of the parent reaches it.
pub(in crate::plan) fn validated_apart(schema: &Schema, column: &Column) -> Option<Statement> {
    let base = schema.inherited_column(&column.table, &column.name)?;
    let apart = column.not_null && column.not_null_constraint.validated && base.not_null;
    let name = schema.not_null_name(&column.table, &column.name);
    (apart && !base.not_null_constraint.validated)
        .then(|| say(column, NotNullAction::Validate(name)))
}

fn changed(from: &Column, to: &Column) -> Vec<Statement> {
    let (before, after) = (&from.not_null_constraint, &to.not_null_constraint);
    let name = name_of(to);
    let mut statements = Vec::new();
    if name_of(from) != name {
        let object = ObjectId::child(ObjectKind::Constraint, &to.table, &name_of(from));
        statements.push(Statement::Rename { object, name: name.clone() });
    }
    if before.no_inherit != after.no_inherit {
        let inherit = !after.no_inherit;
        statements.push(say(to, NotNullAction::SetInherit { name: name.clone(), inherit }));
    }
    if after.validated && !before.validated {
        statements.push(say(to, NotNullAction::Validate(name)));
    }
    if before.comment != after.comment {
        statements.push(comment(to));
    }
    statements
}

/// The name of the constraint where no parent has a say in it.
fn name_of(column: &Column) -> Ident {
    let own = column.not_null_constraint.name.clone();
    own.unwrap_or_else(|| generated_not_null_name(&column.table, &column.name))
}

fn described(column: &Column) -> Option<Statement> {
    column.not_null_constraint.comment.is_some().then(|| comment(column))
}

fn comment(column: &Column) -> Statement {
    let object = ObjectId::child(ObjectKind::Constraint, &column.table, &name_of(column));
    Statement::Comment { object, text: column.not_null_constraint.comment.clone() }
}

fn alter(column: &Column, action: ColumnAction) -> Statement {
    Statement::AlterColumn { column: reference(column), action }
}

fn say(column: &Column, action: NotNullAction) -> Statement {
    Statement::NotNull { column: reference(column), action }
}

fn reference(column: &Column) -> ColumnRef {
    ColumnRef { table: column.table.clone(), column: column.name.clone() }
}
