//! The forms that make nobody wait, for what existed before the plan.
//!
//! In: both sides and what was decided of each object. Out: which indexes are built and dropped
//! CONCURRENTLY, and of each statement that would read or rewrite a table under a lock its parts,
//! which run in transactions of their own. Locks are held to the end of a transaction (manual, 13.3),
//! so that no part that takes long shares one with a part that blocks.

mod attached;
mod column;
mod constraint;
mod expand;
mod index;
mod key;
mod not_null;
mod partition;
mod site;

use crate::model::object::ObjectId;

use super::statement::Statement;

pub(super) use attached::build_on_partitions;
pub(super) use index::{Concurrent, choose, swap};
pub(super) use not_null::proves_not_null;
pub(super) use partition::proves_bound;
pub(super) use site::Site;

/// When a thing is done if nothing else decides. A statement that is not taken apart is done in
/// [`Stage::Clear`], [`Stage::Change`] or [`Stage::GiveUp`]; the others are those of parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// Constraints that are not valid yet, added briefly before anything else.
    Announce,
    /// Second columns get their values in batches.
    Copy,
    /// What reads tables or builds indexes and needs nothing else of the plan.
    Prepare,
    /// What stands in the way is dropped.
    Clear,
    /// What is new is created, and what stays is changed.
    Change,
    /// Rows get their values in batches.
    Fill,
    /// Constraints over what has been changed or filled, not valid yet.
    Mark,
    /// What reads tables or builds indexes.
    Finish,
    /// What needs that.
    Settle,
    /// What is given up for good.
    GiveUp,
}

/// When a part of a statement is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum At {
    /// Where the whole statement would be.
    Own,
    /// In a stage of its own.
    Stage(Stage),
}

/// What a statement becomes: its parts in the order in which they run.
pub(super) type Parts = Vec<(At, Statement)>;

/// One form without a wait: the parts of the statements that it is for.
type Recipe = fn(&Site<'_>, &ObjectId, &Statement) -> Option<Parts>;

/// The first that fits is taken.
const RECIPES: &[Recipe] = &[
    expand::parts,
    not_null::parts,
    constraint::parts,
    key::parts,
    column::parts,
    partition::parts,
];

/// The parts of a statement about an object; none where it is run as it is.
pub(super) fn parts(site: &Site<'_>, id: &ObjectId, statement: &Statement) -> Option<Parts> {
    RECIPES.iter().find_map(|recipe| recipe(site, id, statement))
}

/// A part in the place of the whole statement.
fn own(statement: Statement) -> (At, Statement) {
    (At::Own, statement)
}

/// A part in a stage of its own.
fn at(stage: Stage, statement: Statement) -> (At, Statement) {
    (At::Stage(stage), statement)
}
