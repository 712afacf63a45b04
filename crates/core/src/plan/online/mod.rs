//! Statements that do not block, for objects that existed before the plan.
//!
//! In: both sides and the dispositions. Out: which indexes are built and dropped CONCURRENTLY, and
//! the parts of each statement that would read or rewrite a table under a lock, which run in
//! separate transactions. Locks are held to the end of a transaction (manual, 13.3), so a part that
//! takes long must not share one with a part that blocks.

mod attached;
mod column;
mod constraint;
mod expand;
mod index;
mod key;
mod not_null;
mod part;
mod partition;
mod site;

use crate::model::object::ObjectId;
use crate::plan::statement::Statement;

pub(in crate::plan) use crate::plan::online::attached::build_on_partitions;
pub(in crate::plan) use crate::plan::online::index::{Concurrent, choose, swap};
pub(in crate::plan) use crate::plan::online::not_null::proves_not_null;
pub(in crate::plan) use crate::plan::online::part::{At, Parts, Stage};
pub(in crate::plan) use crate::plan::online::partition::proves_bound;
pub(in crate::plan) use crate::plan::online::site::Site;

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
pub(in crate::plan) fn parts(
    site: &Site<'_>,
    id: &ObjectId,
    statement: &Statement,
) -> Option<Parts> {
    RECIPES.iter().find_map(|recipe| recipe(site, id, statement))
}
