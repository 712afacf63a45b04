//! The columns that identify a row of a table.

use crate::model::Schema;
use crate::model::constraint::{Constraint, ConstraintRule, Timing};
use crate::model::ident::{Ident, QualifiedName};

/// The keys of a table that have no NULL and are checked at once: the primary key first, then unique
/// constraints by name.
pub(super) fn row_keys<'a>(
    schema: &'a Schema,
    table: &'a QualifiedName,
) -> Vec<(&'a Constraint, &'a [Ident])> {
    let mut keys: Vec<(bool, &Constraint, &[Ident])> = schema
        .constraints(table)
        .filter(|it| it.timing == Timing::NotDeferrable)
        .filter_map(|it| match &it.rule {
            ConstraintRule::PrimaryKey(key) => Some((false, it, key.columns.as_slice())),
            ConstraintRule::Unique(key) => Some((true, it, key.columns.as_slice())),
            ConstraintRule::ForeignKey(_)
            | ConstraintRule::Check { .. }
            | ConstraintRule::Exclude { .. } => None,
        })
        .collect();
    keys.sort_by_key(|it| (it.0, &it.1.name));
    let not_null = |it: &Ident| schema.column(table, it).is_some_and(|it| it.not_null);
    keys.retain(|it| it.2.iter().all(not_null));
    keys.into_iter().map(|(_, constraint, columns)| (constraint, columns)).collect()
}
