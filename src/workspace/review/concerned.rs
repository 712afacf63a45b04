//! Which tables a file is about: they get rows before it runs. Pure.

use std::collections::BTreeSet;

use crate::model::Schema;
use crate::model::constraint::ConstraintRule;
use crate::model::ident::QualifiedName;
use crate::model::object::{Object, ObjectId, ObjectKind};

/// So many tables all get rows.
const FEW: usize = 24;

/// The tables that get rows: all of a small schema, else those that the text names, those with a type that it
/// names, and those that reference them.
pub(super) fn concerned(schema: &Schema, text: &str) -> Vec<QualifiedName> {
    let tables: Vec<QualifiedName> = schema
        .iter()
        .filter(|(id, _)| id.kind == ObjectKind::Table)
        .filter_map(|(id, _)| id.table_name())
        .collect();
    if tables.len() <= FEW {
        return tables;
    }
    let text = text.to_lowercase();
    let types: BTreeSet<&str> = schema
        .iter()
        .map(|(id, _)| id)
        .filter(|it| is_type(it.kind) && text.contains(&it.name.as_str().to_lowercase()))
        .map(|it| it.name.as_str())
        .collect();
    let mut named: BTreeSet<QualifiedName> = BTreeSet::new();
    for (id, object) in schema.iter() {
        if let Some(table) = id.table_name()
            && (names(&text, id) || is_of_type(&types, object))
        {
            named.insert(table);
        }
    }
    let referencing: Vec<QualifiedName> = schema
        .iter()
        .filter_map(|(id, object)| match object {
            Object::Constraint(it) => match &it.rule {
                ConstraintRule::ForeignKey(key) => {
                    named.contains(&key.references).then(|| id.table_name())?
                }
                _ => None,
            },
            _ => None,
        })
        .collect();
    named.extend(referencing);
    tables.into_iter().filter(|it| named.contains(it)).collect()
}

/// Whether the text has the name of a table, of its schema, or of an index or a constraint of it.
fn names(text: &str, id: &ObjectId) -> bool {
    let has = |name: &str| text.contains(&name.to_lowercase());
    match id.kind {
        ObjectKind::Table => {
            let namespace = id.namespace.as_ref().map(|it| it.as_str());
            has(id.name.as_str()) || namespace.is_some_and(|it| it != "public" && has(it))
        }
        ObjectKind::Index | ObjectKind::Constraint => has(id.name.as_str()),
        _ => false,
    }
}

fn is_of_type(types: &BTreeSet<&str>, object: &Object) -> bool {
    matches!(object, Object::Column(it) if types.contains(it.data_type.name.as_str()))
}

fn is_type(kind: ObjectKind) -> bool {
    matches!(kind, ObjectKind::Enum | ObjectKind::Domain | ObjectKind::Composite)
}
