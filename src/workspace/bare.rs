//! Tables without the parts that can need functions on their own rows: used if objects that no
//! server has seen depend on each other in a cycle.

use crate::model::column::{Column, ColumnValue};
use crate::model::constraint::{Constraint, ConstraintRule};
use crate::model::object::{Object, ObjectId};
use crate::model::sequence::ColumnRef;
use crate::plan::statement::{ColumnAction, Statement, TableDefinition};
use crate::plan::{Effect, Step};

/// The statements of a CREATE TABLE taken apart: the table without defaults and checks, and those on
/// their own. None for any other step, and for a table that has neither.
pub(super) fn taken_apart(step: &Step) -> Option<Vec<Step>> {
    let Statement::CreateTable(whole) = &step.statement else { return None };
    let mut bare: TableDefinition = (**whole).clone();
    let mut later = Vec::new();
    for column in &mut bare.columns {
        if let ColumnValue::Default(expression) = column.value.clone() {
            column.value = ColumnValue::None;
            later.push(set_default(column, ColumnAction::SetDefault(expression)));
        }
    }
    let is_check = |it: &Constraint| matches!(it.rule, ConstraintRule::Check { .. });
    let (checks, others) = bare.constraints.into_iter().partition(is_check);
    bare.constraints = others;
    let checks: Vec<Constraint> = checks;
    later.extend(checks.into_iter().map(|it| {
        let object = Object::Constraint(it.clone()).id();
        self::step(object, Statement::AddConstraint(Box::new(it)))
    }));
    if later.is_empty() {
        return None;
    }
    let create = self::step(step.object.clone(), Statement::CreateTable(Box::new(bare)));
    Some(std::iter::once(create).chain(later).collect())
}

fn set_default(column: &Column, action: ColumnAction) -> Step {
    let name = ColumnRef { table: column.table.clone(), column: column.name.clone() };
    let object = Object::Column(column.clone()).id();
    step(object, Statement::AlterColumn { column: name, action })
}

fn step(object: ObjectId, statement: Statement) -> Step {
    Step { statement, object, effect: Effect::default(), transaction: 0 }
}
