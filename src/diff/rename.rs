//! Declared renames: which of them still have to be carried out.

use std::collections::BTreeSet;

use crate::model::Schema;
use crate::model::declared::Hints;
use crate::model::ident::QualifiedName;
use crate::model::object::{Object, ObjectId, ObjectKind};

use super::change::Change;

/// The renames that a declaration asks for and that `from` has not seen yet, tables and types
/// first, after the namespaces that they move into. An extension that moves renames its types. A rename whose old name is gone, or whose new
/// name is already there, is inert.
#[must_use]
pub fn pending(from: &Schema, to: &Schema, hints: &Hints) -> Vec<Change> {
    let mut relations = Vec::new();
    let mut children = Vec::new();
    for (new, old) in &hints.renames {
        let mut now = old.clone();
        // Once its table is renamed, a child is found under the table's new name.
        if let (Some(_), Some(table)) = (old.parent(), new.parent()) {
            let before = hints.renames.get(&table).unwrap_or(&table);
            now.namespace = before.namespace.clone();
            now.relation = Some(before.name.clone());
        }
        if !from.contains(&now) || from.contains(new) || !to.contains(new) || to.contains(&now) {
            continue;
        }
        if new.relation.is_some() {
            now.namespace = new.namespace.clone();
            now.relation = new.relation.clone();
            children.push(Change::Rename { from: now, to: new.clone() });
        } else {
            relations.push(Change::Rename { from: now, to: new.clone() });
        }
    }
    relations.extend(moved_extensions(from, to));
    let mut found = new_namespaces(from, to, &relations);
    found.extend(relations);
    found.extend(children);
    found.extend(labels(from, to, hints));
    found
}

fn moved_extensions(from: &Schema, to: &Schema) -> Vec<Change> {
    let mut found = Vec::new();
    for (id, wanted) in to.iter() {
        let (Some(Object::Extension(present)), Object::Extension(wanted)) = (from.get(id), wanted)
        else {
            continue;
        };
        if present.namespace != wanted.namespace {
            let mut moved = present.clone();
            moved.namespace = wanted.namespace.clone();
            let (from, to) = (present.clone().into(), moved.into());
            found.push(Change::Alter { from, to });
        }
    }
    found
}

fn new_namespaces(from: &Schema, to: &Schema, renames: &[Change]) -> Vec<Change> {
    let entered = renames.iter().filter_map(|it| match it {
        Change::Alter { to: Object::Extension(it), .. } => Some(it.namespace.clone()),
        other => other.id().namespace,
    });
    let namespaces: BTreeSet<ObjectId> =
        entered.map(|it| ObjectId::global(ObjectKind::Namespace, it)).collect();
    let missing = namespaces.iter().filter(|it| !from.contains(it));
    missing.filter_map(|it| to.get(it)).map(|it| Change::Create(it.clone())).collect()
}

fn labels(from: &Schema, to: &Schema, hints: &Hints) -> Vec<Change> {
    let mut found = Vec::new();
    for ((id, new), old) in &hints.label_renames {
        let before = hints.renames.get(id).unwrap_or(id);
        let (Some(Object::Enum(present)), Some(Object::Enum(wanted))) =
            (from.get(before).or_else(|| from.get(id)), to.get(id))
        else {
            continue;
        };
        let due = present.labels.contains(old)
            && !present.labels.contains(new)
            && !wanted.labels.contains(old);
        if due {
            found.push(Change::RenameLabel {
                name: wanted.name.clone(),
                from: old.clone(),
                to: new.clone(),
            });
        }
    }
    found
}

/// The relation or type that a rename gives a new namespace.
#[must_use]
pub fn moves(from: &ObjectId, to: &ObjectId) -> bool {
    from.kind != ObjectKind::Namespace && from.namespace != to.namespace
}

/// The name halfway, where a rename changes both namespace and name: the old name in the new
/// namespace.
#[must_use]
pub fn halfway(from: &ObjectId, to: &ObjectId) -> Option<QualifiedName> {
    Some(QualifiedName { namespace: to.namespace.clone()?, name: from.name.clone() })
}
