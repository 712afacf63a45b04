//! What other sessions notice between a statement and a later one of the same plan.

use crate::model::constraint::Constraint;
use crate::model::ident::{Ident, QualifiedName};
use crate::model::object::ObjectId;
use crate::model::snapshot::Snapshot;
use crate::plan::effects::context::is_check;
use crate::plan::mirror::triggers;
use crate::plan::online::proves_bound;
use crate::plan::statement::Statement;

/// What is to be said of a statement, given those that follow.
pub(super) fn meanwhile(
    statement: &Statement,
    rest: &[(ObjectId, Statement)],
    from: &Snapshot,
    to: &Snapshot,
) -> Option<String> {
    match statement {
        Statement::DropIndex { table, name, .. } => {
            let again = rest.iter().any(|it| builds(&it.1, table, name));
            again.then(|| "until the index is built again below, queries cannot use it".to_owned())
        }
        Statement::AddConstraint(check) if !check.validated && is_check(check) => {
            let partition = rest.iter().find_map(|it| new_partition(&it.1, check, to))?;
            Some(format!("until {partition} is attached, rows that belong to it are rejected"))
        }
        Statement::Fill { column, .. } => of_updates(&column.table, from),
        _ => None,
    }
}

fn builds(statement: &Statement, table: &QualifiedName, name: &Ident) -> bool {
    match statement {
        Statement::CreateIndex { index, concurrently, only } => {
            (*concurrently || *only) && index.table == *table && index.name == *name
        }
        _ => false,
    }
}

/// The partition that a statement makes, where a check keeps its rows out of another table.
fn new_partition(
    statement: &Statement,
    check: &Constraint,
    to: &Snapshot,
) -> Option<QualifiedName> {
    let partition = match statement {
        Statement::AttachPartition { table, .. } => table,
        Statement::CreateTable(it) => &it.table.name,
        _ => return None,
    };
    let bound = to.bounds.of(partition)?;
    let keeps_out = proves_bound(check, &format!("NOT ({bound})"));
    keeps_out.then(|| partition.clone())
}

/// What updating rows does beside: the indexes that take long to insert into, and triggers.
fn of_updates(table: &QualifiedName, from: &Snapshot) -> Option<String> {
    let vector = from.schema.indexes(table).filter(|it| it.is_vector());
    let vector: Vec<String> = vector.map(|it| format!("{} index {}", it.method, it.name)).collect();
    let has_triggers = triggers(&from.schema, table).next().is_some();
    let mut said = Vec::new();
    if !vector.is_empty() {
        said.push(format!("each updated row is inserted into {} again", vector.join(", ")));
    }
    if has_triggers {
        said.push(format!("triggers for UPDATE on {table} fire"));
    }
    (!said.is_empty()).then(|| said.join("; "))
}
