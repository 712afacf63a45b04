//! Inheritance and partitions, resolved before any other decision.
//!
//! In: both sides and the changes between them. Out: the same, where every table that changes its
//! parents is detached, and columns that children keep are planned as local; or why PostgreSQL
//! cannot make the change.

mod alone;
pub(in crate::plan) mod held;
pub(in crate::plan) mod inherited;
pub(in crate::plan) mod locality;

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::diff::Change;
use crate::model::object::ObjectId;
use crate::model::snapshot::Snapshot;
use crate::model::table::Table;
use crate::plan::error::PlanError;

/// Both sides and the changes between them, parents resolved.
pub(super) struct Resolved<'a> {
    /// The side before.
    pub(super) from: Cow<'a, Snapshot>,
    /// The side after.
    pub(super) to: Cow<'a, Snapshot>,
    /// The changes.
    pub(super) changes: Cow<'a, [Change]>,
    /// Columns that are dropped from their table alone.
    pub(super) dropped_only: BTreeSet<ObjectId>,
    /// Tables that let go of their type while it changes.
    pub(super) of_changed_types: Vec<&'a Table>,
    /// Tables that leave their parents and join them again.
    pub(super) declaring: Vec<&'a Table>,
}

/// Resolves the parents of all tables.
///
/// # Errors
/// What PostgreSQL refuses of columns and constraints that come from parents.
pub(super) fn resolve<'a>(
    from: &'a Snapshot,
    to: &'a Snapshot,
    changes: &'a [Change],
) -> Result<Resolved<'a>, Vec<PlanError>> {
    let mut wrong = alone::wrong_orders(from, to, changes);
    wrong.extend(locality::given_up(from, to));
    wrong.extend(alone::wrong_names(from, to, changes));
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let tables = |names: BTreeSet<_>| {
        let found = names.into_iter().filter_map(|it| to.schema.table(&it));
        found.collect::<Vec<_>>()
    };
    let mut resolved = Resolved {
        from: Cow::Borrowed(from),
        to: Cow::Borrowed(to),
        changes: Cow::Borrowed(changes),
        dropped_only: BTreeSet::new(),
        of_changed_types: tables(alone::of_changed_types(from, to, changes)),
        declaring: tables(locality::declaring(from, to)),
    };
    if let Some((from, to, changes)) = alone::detached(from, to, changes) {
        resolved.from = Cow::Owned(from);
        resolved.to = Cow::Owned(to);
        resolved.changes = Cow::Owned(changes);
    }
    let left = locality::left_to_children(&resolved.from, &resolved.to, &resolved.changes);
    if let Some((from, changes, dropped_only)) = left {
        resolved.from = Cow::Owned(from);
        resolved.changes = Cow::Owned(changes);
        resolved.dropped_only = dropped_only;
    }
    Ok(resolved)
}
