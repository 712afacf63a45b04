//! Which tables a plan changes, by their names before it.

use std::collections::BTreeSet;

use crate::diff::Change;
use crate::model::ident::QualifiedName;
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::model::pg_type::PgType;
use crate::model::snapshot::Snapshot;
use crate::plan::Plan;

use super::super::Comparison;

/// The tables of `from` that a plan of a comparison works on or locks, and those with columns of a type
/// that changes.
#[must_use]
pub fn touched(comparison: &Comparison, plan: &Plan, from: &Snapshot) -> Vec<QualifiedName> {
    let mut names: BTreeSet<String> = BTreeSet::new();
    for step in &plan.steps {
        names.extend(step.object.table_name().map(|it| it.to_string()));
        names.extend(step.effect.locks.iter().map(|it| it.relation.clone()));
    }
    let types: Vec<ObjectId> =
        comparison.changes.iter().map(Change::id).filter(|it| is_type(it.kind)).collect();
    // The sides have the renames behind them.
    let before = &comparison.sides.from.schema;
    for (_, object) in before.iter() {
        if let Object::Column(column) = object
            && types.iter().any(|it| is_of(&column.data_type, it))
        {
            names.insert(column.table.to_string());
        }
    }
    let renamed = comparison.changes.iter().filter_map(|it| match it {
        Change::Rename { from, to } if to.kind == ObjectKind::Table => {
            Some((to.table_name()?.to_string(), from.table_name()?.to_string()))
        }
        _ => None,
    });
    let old: Vec<String> =
        renamed.filter(|(new, _)| names.contains(new)).map(|(_, old)| old).collect();
    names.extend(old);
    let tables = from.schema.iter().filter(|(id, _)| id.kind == ObjectKind::Table);
    let tables = tables.filter_map(|(id, _)| id.table_name());
    tables.filter(|it| names.contains(&it.to_string())).collect()
}

fn is_type(kind: ObjectKind) -> bool {
    matches!(kind, ObjectKind::Enum | ObjectKind::Domain | ObjectKind::Composite)
}

/// Whether a type is this one, or an array of it. Bare names are those of `public`.
fn is_of(of: &PgType, id: &ObjectId) -> bool {
    let namespace = match &of.namespace {
        Some(it) => id.namespace.as_ref().is_some_and(|other| it.to_string() == other.to_string()),
        None => id.namespace.as_ref().is_some_and(|other| other.as_str() == "public"),
    };
    namespace && of.name == id.name.as_str()
}
