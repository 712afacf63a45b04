//! How a set of differences is carried out: which statements, in which order, with which effects.
//!
//! In: the two schemas as their servers knew them and the [`Change`]s between them. Out: a [`Plan`] of
//! typed steps. Ordering comes from the dependencies of both sides; what stands in the way of a
//! change is dropped and comes back. The way down is the plan of the reversed changes.

mod alter;
mod attached_names;
mod between;
mod carried;
pub mod cast;
mod column;
mod dependencies;
mod effect;
pub mod error;
mod gate;
mod graph;
mod held;
mod hierarchy;
mod locality;
mod mirror;
mod nodes;
mod online;
mod order;
mod partition;
mod rebuild;
mod retyped;
mod row_key;
pub mod statement;
pub mod step;
mod transactions;
mod treatment;

use crate::diff::Change;
use crate::diff::expand::stepping_in;
use crate::diff::rename::{halfway, moves};
use crate::model::declared::Hints;
use crate::model::namespace::Namespace;
use crate::model::object::{Object, ObjectId};
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
    /// Take the forms that make nobody wait for what existed before, at the price of several transactions.
    pub online: bool,
}

/// Plans changes. `from` and `to` are the schemas before and after all changes that are not
/// renames: renames at the beginning of `changes` come before `from`, renames at the end come
/// after `to`. A namespace that stands with them comes before or goes after the renames.
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
    let (leading, rest) = changes.split_at(leading_renames(changes.iter()));
    let (others, trailing) = rest.split_at(rest.len() - leading_renames(rest.iter().rev()));

    let too_new = gate::too_new(from, others);
    if !too_new.is_empty() {
        return Err(too_new);
    }
    let mut context = Context::new(from, to);
    let filled = leading.iter().filter_map(|it| stepping_in(it, hints)).map(require_filled);
    let mut planned: Vec<(ObjectId, Statement)> = filled.collect();
    planned.extend(leading.iter().flat_map(|it| renaming(it, (from, to))));
    let mut changing = nodes::statements((from, to), others, hints, options)?;
    let holds = held::needed(from, to, &changing);
    holds.iter().for_each(|it| held::surround(&mut changing, it));
    planned.extend(changing);
    planned.extend(trailing.iter().flat_map(|it| renaming(it, (from, to))));
    let steps = planned.into_iter().map(|(object, statement)| {
        // What is said to a held table reaches the child, as if it had been said there.
        let effect = context.effect(&statement);
        let redirected = holds.iter().find_map(|it| it.redirected(&statement));
        let statement = redirected.unwrap_or(statement);
        Step { statement, object, effect, transaction: 0 }
    });
    let mut steps: Vec<Step> = steps.collect();
    transactions::group(&mut steps, options.online);
    Ok(Plan { steps })
}

/// How many changes at one end are renames, or namespaces beside them.
fn leading_renames<'a>(changes: impl Iterator<Item = &'a Change>) -> usize {
    let beside = |it: &&Change| it.is_rename() || namespace(it).is_some();
    let together = changes.take_while(beside).map(Change::is_rename);
    together.enumerate().filter(|it| it.1).last().map_or(0, |(at, _)| at + 1)
}

/// The namespace that a change makes or gives up.
fn namespace(change: &Change) -> Option<&Namespace> {
    match change {
        Change::Create(Object::Namespace(it)) | Change::Drop(Object::Namespace(it)) => Some(it),
        Change::Create(_)
        | Change::Drop(_)
        | Change::Alter { .. }
        | Change::Rename { .. }
        | Change::RenameLabel { .. } => None,
    }
}

/// A column takes the place of another only where it has a value in every row that the other has one in.
fn require_filled((new, old): (&ObjectId, &ObjectId)) -> (ObjectId, Statement) {
    let table = old.table_name().expect("a column has a table");
    let (column, new) = (old.name.clone(), new.name.clone());
    (old.clone(), Statement::RequireFilled { table, column, new })
}

/// The statements of a rename: first into the new namespace, then to the new name.
fn renaming(
    change: &Change,
    (from_side, to_side): (&Snapshot, &Snapshot),
) -> Vec<(ObjectId, Statement)> {
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
        Change::Create(Object::Namespace(it)) => {
            statements.push(nodes::namespace::create(&to_side.schema, &it.name));
            let text = it.comment.clone();
            let object = change.id();
            statements.extend(text.map(|it| Statement::Comment { object, text: Some(it) }));
        }
        Change::Drop(Object::Namespace(it)) => {
            statements.push(nodes::namespace::drop(&from_side.schema, &it.name));
        }
        Change::Alter { to: Object::Extension(it), .. } => {
            let (name, namespace) = (it.name.clone(), it.namespace.clone());
            statements.push(Statement::SetExtensionNamespace { name, namespace });
        }
        Change::Create(_) | Change::Drop(_) | Change::Alter { .. } => {}
    }
    statements.into_iter().map(|it| (change.id(), it)).collect()
}
