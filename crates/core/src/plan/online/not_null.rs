//! SET NOT NULL: PostgreSQL reads the table under ACCESS EXCLUSIVE, unless a valid CHECK proves that
//! no row has a NULL (`NotNullImpliedByRelConstraints` in the server, from PostgreSQL 12).

use crate::model::constraint::{Constraint, ConstraintRule};
use crate::model::expr::SqlExpr;
use crate::model::ident::{Ident, QualifiedName};
use crate::model::not_null::{NotNull, generated_not_null_name};
use crate::model::object::{Object, ObjectId};
use crate::model::sequence::ColumnRef;
use crate::plan::online::part::{At, Parts, Stage, at, not_valid, own, remove, validate};
use crate::plan::online::site::Site;
use crate::plan::statement::{ColumnAction, NotNullAction, Statement};

pub(in crate::plan) fn parts(
    site: &Site<'_>,
    _: &ObjectId,
    statement: &Statement,
) -> Option<Parts> {
    match statement {
        Statement::AlterColumn { column, action: ColumnAction::SetNotNull }
            if site.is_in_use(&column.table) && is_alone(site, &column.table) =>
        {
            let before = site.keeps_values(&column.table, &column.column);
            proved(site, column, before)
        }
        Statement::NotNull { column, action: NotNullAction::Add(it) }
            if it.validated && site.is_in_use(&column.table) && !site.is_moved(&column.table) =>
        {
            Some(named(column, it, At::Own))
        }
        _ => None,
    }
}

/// Whether a table stands apart from parents that could say otherwise, until it joins them.
fn is_alone(site: &Site<'_>, table: &QualifiedName) -> bool {
    !site.is_moved(table) || site.joins_partitions(table) && site.keeps_all_values(table)
}

/// The parts of SET NOT NULL, before the changes of the plan where the column stays as it is, or after
/// them. None where a valid check says it already.
pub(in crate::plan) fn proved(site: &Site<'_>, column: &ColumnRef, before: bool) -> Option<Parts> {
    if is_proved(site, &column.table, &column.column) {
        return None;
    }
    if site.names_not_null() {
        let name = generated_not_null_name(&column.table, &column.column);
        let constraint = NotNull { name: Some(name), ..NotNull::default() };
        return Some(named(
            column,
            &constraint,
            if before { At::Own } else { At::Stage(Stage::Mark) },
        ));
    }
    // Before PostgreSQL 18 NOT NULL cannot be NOT VALID; a validated CHECK replaces the scan.
    let name = site.free_column_name(&column.table, &column.column, "not_null_check");
    let rule = ConstraintRule::Check {
        expression: SqlExpr::new(format!("{} IS NOT NULL", column.column)),
        no_inherit: false,
    };
    let check = Constraint::new(column.table.clone(), name, rule);
    let set = Statement::AlterColumn { column: column.clone(), action: ColumnAction::SetNotNull };
    let (add, validate) = (not_valid(&check), validate(&check));
    let remove = remove(check);
    Some(if before {
        vec![at(Stage::Announce, add), at(Stage::Prove, validate), own(set), own(remove)]
    } else {
        vec![
            at(Stage::Mark, add),
            at(Stage::Finish, validate),
            at(Stage::Settle, set),
            at(Stage::Settle, remove),
        ]
    })
}

/// NOT NULL NOT VALID, and VALIDATE in a later transaction. Rows that are updated obey it from the first on,
/// so that a column is filled before.
fn named(column: &ColumnRef, constraint: &NotNull, first: At) -> Parts {
    let name = constraint
        .name
        .clone()
        .unwrap_or_else(|| generated_not_null_name(&column.table, &column.column));
    let unproved = NotNull { validated: false, ..constraint.clone() };
    let say = |action| Statement::NotNull { column: column.clone(), action };
    vec![
        (first, say(NotNullAction::Add(unproved))),
        at(Stage::Finish, say(NotNullAction::Validate(name))),
    ]
}

/// Whether a valid check that stays says that no row has a NULL in a column.
fn is_proved(site: &Site<'_>, table: &QualifiedName, column: &Ident) -> bool {
    site.from.schema.constraints(table).any(|it| {
        let id = Object::Constraint(it.clone()).id();
        let stays = site.to.schema.contains(&id) && !site.dispositions.contains_key(&id);
        stays && it.validated && it.enforced && proves_not_null(it, column)
    })
}

/// Whether a constraint is a check that a column is not NULL, and nothing else.
pub(in crate::plan) fn proves_not_null(constraint: &Constraint, column: &Ident) -> bool {
    match &constraint.rule {
        ConstraintRule::Check { expression, .. } => {
            let said = expression.as_str().trim_start_matches('(').trim_end_matches(')');
            said == format!("{column} IS NOT NULL")
        }
        ConstraintRule::PrimaryKey(_)
        | ConstraintRule::Unique(_)
        | ConstraintRule::ForeignKey(_)
        | ConstraintRule::Exclude { .. } => false,
    }
}
