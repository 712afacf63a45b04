//! Renames that follow from others: a key, a foreign key or a sequence whose name contains its
//! table and columns is renamed with them.

use crate::model::Schema;
use crate::model::constraint::{Constraint, ConstraintRule};
use crate::model::declared::Hints;
use crate::model::ident::{Ident, QualifiedName};
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::model::sequence::Sequence;

use super::generated_names::{Recipe, generated_name};

/// Adds the renames that follow from those of tables and columns.
pub(super) fn follow(schema: &Schema, hints: &mut Hints) {
    let found: Vec<_> = schema
        .iter()
        .filter_map(|(id, object)| {
            let old = match object {
                Object::Constraint(it) => constraint(it, hints)?,
                Object::Sequence(it) => sequence(it, hints)?,
                _ => return None,
            };
            Some((id.clone(), old))
        })
        .collect();
    for (new, old) in found {
        if new != old && !hints.renames.values().any(|it| *it == old) {
            hints.renames.entry(new).or_insert(old);
        }
    }
}

fn constraint(it: &Constraint, hints: &Hints) -> Option<ObjectId> {
    let (columns, label) = match &it.rule {
        ConstraintRule::PrimaryKey(_) => (&[] as &[Ident], "pkey"),
        ConstraintRule::Unique(key) => (key.columns.as_slice(), "key"),
        ConstraintRule::ForeignKey(key) => (key.columns.as_slice(), "fkey"),
        ConstraintRule::Check { .. } | ConstraintRule::Exclude { .. } => return None,
    };
    let name = before(&it.table, columns, label, &it.name, hints)?;
    // What belongs to a table is looked for under the table's new name.
    Some(ObjectId::child(ObjectKind::Constraint, &it.table, &name))
}

fn sequence(it: &Sequence, hints: &Hints) -> Option<ObjectId> {
    let owner = it.owned_by.as_ref()?;
    let columns = std::slice::from_ref(&owner.column);
    let name = before(&owner.table, columns, "seq", &it.name.name, hints)?;
    let namespace = old_table(&owner.table, hints).namespace;
    Some(ObjectId::named(ObjectKind::Sequence, &QualifiedName { namespace, name }))
}

/// The name generated before the renames, if the present one is generated, too.
fn before(
    table: &QualifiedName,
    columns: &[Ident],
    label: &'static str,
    name: &Ident,
    hints: &Hints,
) -> Option<Ident> {
    if *name != generated_name(Recipe { table: &table.name, columns, label }) {
        return None;
    }
    let old_columns: Vec<Ident> = columns.iter().map(|it| old_column(table, it, hints)).collect();
    let old_table = old_table(table, hints);
    Some(generated_name(Recipe { table: &old_table.name, columns: &old_columns, label }))
}

fn old_table(table: &QualifiedName, hints: &Hints) -> QualifiedName {
    let old = hints.renames.get(&ObjectId::table(table)).and_then(ObjectId::qualified_name);
    old.unwrap_or_else(|| table.clone())
}

fn old_column(table: &QualifiedName, column: &Ident, hints: &Hints) -> Ident {
    let old = hints.renames.get(&ObjectId::child(ObjectKind::Column, table, column));
    old.map_or_else(|| column.clone(), |it| it.name.clone())
}
