//! Which changes people are told.

use std::collections::BTreeSet;

use crate::diff::Change;
use crate::model::object::{ObjectId, ObjectKind};

/// The changes that tell something. What belongs to a table that is missing or too many goes without
/// saying.
pub fn telling(changes: &[Change]) -> impl Iterator<Item = &Change> {
    let whole: BTreeSet<ObjectId> = changes
        .iter()
        .filter(|it| matches!(it, Change::Create(_) | Change::Drop(_)))
        .map(Change::id)
        .filter(|id| id.kind == ObjectKind::Table)
        .collect();
    changes
        .iter()
        .filter(move |change| change.id().parent().is_none_or(|parent| !whole.contains(&parent)))
}
