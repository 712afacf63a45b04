//! How a set of differences is carried out: which statements, in which order, with which effects.
//!
//! In: the two schemas as their servers knew them and the [`Change`]s between them. Out: a [`Plan`] of
//! typed steps. Ordering comes from the dependencies of both sides; what stands in the way of a
//! change is dropped and comes back. The way down is the plan of the reversed changes.

mod alter;
pub mod cast;
mod column;
mod dependencies;
mod effect;
pub mod error;
mod graph;
mod nodes;
mod order;
pub mod statement;
pub mod step;
mod treatment;

use crate::diff::Change;
use crate::diff::rename::{halfway, moves};
use crate::model::declared::Hints;
use crate::model::object::ObjectId;
use crate::model::snapshot::Snapshot;

use effect::Context;
use statement::Statement;

pub use error::PlanError;
pub use step::{Effect, Lock, LockLevel, Step, TxMode};

/// The steps that carry out a set of changes, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// The steps.
    pub steps: Vec<Step>,
}

/// Choices of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Prefer forms that do not block those who use the tables, at the price of leaving the
    /// transaction.
    pub online: bool,
}

/// Plans changes. `from` and `to` are the schemas before and after all changes that are not
/// renames: renames at the beginning of `changes` come before `from`, renames at the end come
/// after `to`.
///
/// # Errors
/// Every change that needs a decision, and every difference that cannot be expressed.
pub fn plan(
    from: &Snapshot,
    to: &Snapshot,
    changes: &[Change],
    hints: &Hints,
    options: Options,
) -> Result<Plan, Vec<PlanError>> {
    let first = changes.iter().position(|it| !it.is_rename()).unwrap_or(changes.len());
    let (leading, rest) = changes.split_at(first);
    let end = rest.iter().position(Change::is_rename).unwrap_or(rest.len());
    let (others, trailing) = rest.split_at(end);

    let context = Context::new(from, to);
    let mut planned: Vec<(ObjectId, Statement)> = leading.iter().flat_map(renaming).collect();
    planned.extend(nodes::statements((from, to), others, hints, options)?);
    planned.extend(trailing.iter().flat_map(renaming));
    let steps = planned.into_iter().map(|(object, statement)| {
        let effect = context.effect(&statement);
        Step { statement, object, effect }
    });
    Ok(Plan { steps: steps.collect() })
}

/// The statements of a rename: first into the new namespace, then to the new name.
fn renaming(change: &Change) -> Vec<(ObjectId, Statement)> {
    let mut statements = Vec::new();
    match change {
        Change::Rename { from, to } => {
            let mut now = from.clone();
            if let (true, Some(there)) = (moves(from, to), halfway(from, to)) {
                let namespace = there.namespace.clone();
                statements.push(Statement::Move { object: from.clone(), namespace });
                now.namespace = Some(there.namespace);
            }
            if from.name != to.name {
                statements.push(Statement::Rename { object: now, name: to.name.clone() });
            }
        }
        Change::RenameLabel { name, from, to } => statements.push(Statement::RenameLabel {
            name: name.clone(),
            from: from.clone(),
            to: to.clone(),
        }),
        Change::Create(_) | Change::Drop(_) | Change::Alter { .. } => {}
    }
    statements.into_iter().map(|it| (change.id(), it)).collect()
}
