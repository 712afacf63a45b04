//! How differences are applied: which statements, in which order, with which effects.
//!
//! In: the two schemas with the facts about their servers, and the [`Change`]s between them. Out: a
//! [`Plan`] of typed steps. The order follows from the dependencies of both sides; objects that
//! prevent a change are dropped and recreated. The down plan is the plan of the reversed changes.

pub mod cast;
mod column;
pub mod comparison;
mod decisions;
mod dependencies;
mod effects;
pub mod error;
mod free;
mod gate;
mod graph;
mod inheritance;
mod mirror;
mod namespace;
mod online;
mod order;
mod renames;
mod row_key;
pub mod statement;
pub mod step;
mod topology;
mod transactions;

use crate::diff::Change;
use crate::model::declared::Hints;
use crate::model::object::ObjectId;
use crate::model::snapshot::Snapshot;

use dependencies::DependencyMap;
use graph::Graph;
use online::{Concurrent, Site};
use statement::Statement;

pub use error::PlanError;
pub use step::{Effect, Lock, LockLevel, Step, StepTransaction};

/// The steps that carry out a set of changes, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// The steps.
    pub steps: Vec<Step>,
}

/// Choices of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlanOptions {
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
    options: PlanOptions,
) -> Result<Plan, Vec<PlanError>> {
    let (first, others, last) = renames::apart(changes);
    let too_new = gate::too_new(from, others);
    if !too_new.is_empty() {
        return Err(too_new);
    }
    let mut planned = renames::before(first, hints, (from, to));
    let changing = changing((from, to), others, hints, options)?;
    let held = inheritance::held::around(from, to, changing);
    planned.extend(held.statements);
    planned.extend(renames::after(last, (from, to)));
    let steps = effects::of_all(planned, from, to);
    let mut steps: Vec<Step> =
        steps.into_iter().map(|it| inheritance::held::redirected(&held.holds, it)).collect();
    transactions::group(&mut steps, options.online);
    Ok(Plan { steps })
}

/// The statements that carry out changes which are no renames, in order.
fn changing(
    (from, to): (&Snapshot, &Snapshot),
    changes: &[Change],
    hints: &Hints,
    options: PlanOptions,
) -> Result<Vec<(ObjectId, Statement)>, Vec<PlanError>> {
    if changes.is_empty() {
        return Ok(Vec::new());
    }
    let resolved = inheritance::resolve(from, to, changes)?;
    let needs = (DependencyMap::of(&resolved.from), DependencyMap::of(&resolved.to));
    let dispositions = decisions::decide(&resolved, &needs.0, hints, options.online)?;
    let site = Site {
        from: &resolved.from,
        to: &resolved.to,
        needs_before: &needs.0,
        needs_after: &needs.1,
        dispositions: &dispositions,
    };
    let concurrent = if options.online { online::choose(&site) } else { Concurrent::default() };
    let graph = Graph::new(site, concurrent, resolved.dropped_only.clone());
    order::arrange(graph, from, to, options.online).map_err(|it| vec![it])
}
