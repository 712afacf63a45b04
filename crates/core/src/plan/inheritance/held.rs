//! A temporary parent, for the time in which a child has none.
//!
//! If a child leaves its parents, all inherited columns and constraints become local, and no
//! statement reverts that (see [`crate::plan::inheritance::locality`]). For objects that must stay
//! inherited, an empty table with the same columns and checks is the parent while the child changes
//! its parents: the child inherits from it first, and leaves it last. New columns and checks are
//! also added by way of it.

use std::collections::BTreeSet;

use crate::model::column::{Column, ColumnValue};
use crate::model::constraint::{Constraint, ConstraintRule};
use crate::model::ident::{Ident, QualifiedName, object_name};
use crate::model::object::ObjectId;
use crate::model::snapshot::Snapshot;
use crate::model::table::Table;
use crate::plan::free::first_free;
use crate::plan::inheritance::locality;
use crate::plan::inheritance::locality::Locality;
use crate::plan::statement::{ColumnAction, Statement, TableDefinition};
use crate::plan::step::Step;

/// The table that holds what a child inherits.
#[derive(Debug)]
pub(in crate::plan) struct Hold {
    child: QualifiedName,
    /// What exists from the start.
    table: TableDefinition,
    /// The columns that the child gets by way of it.
    columns: BTreeSet<Ident>,
    /// The checks that the child gets by way of it.
    checks: BTreeSet<Ident>,
}

/// Statements in order, and what holds children meanwhile.
pub(in crate::plan) struct Held {
    /// The statements, with those of the holds around them.
    pub(in crate::plan) statements: Vec<(ObjectId, Statement)>,
    /// The holds.
    pub(in crate::plan) holds: Vec<Hold>,
}

/// Puts the holds that statements ask for around them.
pub(in crate::plan) fn around(
    from: &Snapshot,
    to: &Snapshot,
    mut statements: Vec<(ObjectId, Statement)>,
) -> Held {
    let holds = needed(from, to, &statements);
    holds.iter().for_each(|it| surround(&mut statements, it));
    Held { statements, holds }
}

/// What is said to a held table reaches the child, as if it had been said there.
pub(in crate::plan) fn redirected(holds: &[Hold], mut step: Step) -> Step {
    if let Some(statement) = holds.iter().find_map(|it| it.redirected(&step.statement)) {
        step.statement = statement;
    }
    step
}

/// The holds that the statements of a plan ask for: one for each child that changes its parents and
/// inherits something after that which it does not declare.
fn needed(from: &Snapshot, to: &Snapshot, planned: &[(ObjectId, Statement)]) -> Vec<Hold> {
    let joining: BTreeSet<&QualifiedName> = planned
        .iter()
        .filter_map(|(_, it)| match it {
            Statement::SetInherit { table, inherit: true, .. } => Some(table),
            _ => None,
        })
        .collect();
    joining.into_iter().filter_map(|it| hold(from, to, it)).collect()
}

fn hold(from: &Snapshot, to: &Snapshot, child: &QualifiedName) -> Option<Hold> {
    let name = free_name(from, to, child);
    let handed = |it: &&Ident| {
        matches!(locality::of_column(&to.schema, child, it), Locality::Inherited | Locality::Both)
    };
    let names = to.schema.column_names(child);
    let handed: Vec<&Ident> = names.iter().filter(handed).collect();
    let is_only_inherited =
        |it: &&&Ident| locality::of_column(&to.schema, child, it) == Locality::Inherited;
    let columns: BTreeSet<Ident> =
        handed.iter().filter(is_only_inherited).map(|it| (*it).clone()).collect();
    // What the child shall declare itself becomes its own for having no parent.
    let declares = |it: &&&Ident| {
        !is_only_inherited(it)
            && locality::of_column(&from.schema, child, it) == Locality::Inherited
    };
    let present = handed.iter().filter(|it| !declares(it));
    let present = present.filter_map(|it| held_column(from, child, it, &name));
    let present: Vec<Column> = present.collect();
    let inherited = inherited_checks(to, child);
    let kept = inherited_checks(from, child).into_iter();
    let kept = kept.filter(|it| inherited.iter().any(|other| other.name == it.name));
    let constraints: Vec<Constraint> =
        kept.map(|it| Constraint { table: name.clone(), comment: None, ..it }).collect();
    let checks: BTreeSet<Ident> = inherited.into_iter().map(|it| it.name).collect();
    if columns.is_empty() && checks.is_empty() {
        return None;
    }
    let not_nulls = Vec::new();
    let table =
        TableDefinition { table: Table::new(name), columns: present, constraints, not_nulls };
    Some(Hold { child: child.clone(), table, columns, checks })
}

/// A column as the held table has it: INHERIT asks for the same type and collation, for NOT NULL where
/// the parent has it, and for the same way of being generated.
fn held_column(
    from: &Snapshot,
    child: &QualifiedName,
    name: &Ident,
    hold: &QualifiedName,
) -> Option<Column> {
    let present = from.schema.column(child, name)?;
    let inherited = from.schema.inherited_column(child, name);
    let value = match present.value {
        ColumnValue::None | ColumnValue::Default(_) | ColumnValue::Identity(_) => ColumnValue::None,
        ColumnValue::Stored(_) | ColumnValue::Virtual(_) => present.value,
    };
    let plain = Column::new(hold.clone(), name.clone(), present.position, present.data_type);
    Some(Column {
        collation: present.collation,
        not_null: inherited.is_some_and(|it| it.not_null),
        value,
        ..plain
    })
}

/// The checks that a table only inherits.
fn inherited_checks(side: &Snapshot, child: &QualifiedName) -> Vec<Constraint> {
    let mut found: Vec<Constraint> = Vec::new();
    let mut parents: Vec<&QualifiedName> =
        side.schema.table(child).into_iter().flat_map(Table::parents).collect();
    while let Some(parent) = parents.pop() {
        parents.extend(side.schema.table(parent).into_iter().flat_map(Table::parents));
        for constraint in side.schema.constraints(parent) {
            let is_check = matches!(constraint.rule, ConstraintRule::Check { .. });
            let locality = locality::of_check(&side.schema, child, &constraint.name);
            if is_check && locality == Locality::Inherited {
                found.push(constraint.clone());
            }
        }
    }
    found
}

fn free_name(from: &Snapshot, to: &Snapshot, child: &QualifiedName) -> QualifiedName {
    let taken = |name: &Ident| {
        [from, to].iter().any(|side| side.schema.iter().any(|(it, _)| it.name == *name))
    };
    let made = |label: &str| object_name(child.name.as_str(), None, label);
    child.sibling(first_free("held", made, taken))
}

/// Puts the statements of a hold around those that it is for.
fn surround(planned: &mut Vec<(ObjectId, Statement)>, hold: &Hold) {
    let first = planned.iter().position(|it| hold.concerns(&it.1));
    let last = planned.iter().rposition(|it| match &it.1 {
        Statement::SetInherit { table, inherit, .. } => *inherit && *table == hold.child,
        _ => false,
    });
    let (Some(first), Some(last)) = (first, last) else { return };
    let id = ObjectId::table(&hold.child);
    let name = hold.table.table.name.clone();
    let inherit = |inherit| Statement::SetInherit {
        table: hold.child.clone(),
        parent: name.clone(),
        inherit,
    };
    let end = [inherit(false), Statement::DropTable(name.clone())];
    let begin = [Statement::CreateTable(Box::new(hold.table.clone())), inherit(true)];
    planned.splice(last + 1..last + 1, end.map(|it| (id.clone(), it)));
    planned.splice(first..first, begin.map(|it| (id.clone(), it)));
}

impl Hold {
    /// Whether a statement comes after the child is held.
    fn concerns(&self, statement: &Statement) -> bool {
        match statement {
            Statement::SetInherit { table, .. } => *table == self.child,
            other => self.redirected(other).is_some(),
        }
    }

    /// What is said to the held table, because the child may not change what it inherits.
    pub(in crate::plan) fn redirected(&self, statement: &Statement) -> Option<Statement> {
        let name = &self.table.table.name;
        match statement {
            Statement::AddColumn(it)
                if it.table == self.child && self.columns.contains(&it.name) =>
            {
                let column = Column { table: name.clone(), ..(**it).clone() };
                Some(Statement::AddColumn(Box::new(column)))
            }
            Statement::AddConstraint(it)
                if it.table == self.child && self.checks.contains(&it.name) =>
            {
                let constraint = Constraint { table: name.clone(), ..(**it).clone() };
                Some(Statement::AddConstraint(Box::new(constraint)))
            }
            Statement::AlterColumn { column, action: action @ ColumnAction::SetType { .. } }
                if column.table == self.child && self.has(&column.column) =>
            {
                let mut column = column.clone();
                column.table = name.clone();
                Some(Statement::AlterColumn { column, action: action.clone() })
            }
            _ => None,
        }
    }

    fn has(&self, column: &Ident) -> bool {
        self.columns.contains(column) || self.table.columns.iter().any(|it| it.name == *column)
    }
}
