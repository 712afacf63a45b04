//! Objects that exist before any revision runs: created by the platform or by an administrator,
//! used by managed objects, and never created, altered or dropped by aludel.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Schema;
use super::ident::Ident;
use super::object::{Object, ObjectId, ObjectKind};

/// The objects and roles that are provided.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provided {
    /// The objects as far as anything needs them, as declared. A scratch database has them before
    /// anything else.
    pub objects: Schema,
    /// Objects that are known by name alone, and that no scratch database has.
    pub names: BTreeSet<ObjectId>,
    /// Roles.
    pub roles: BTreeSet<Ident>,
}

impl Provided {
    /// The marked objects of a schema, with the columns, constraints and indexes of marked tables.
    #[must_use]
    pub fn select(schema: &Schema, marked: &BTreeSet<ObjectId>) -> Self {
        let belongs = |id: &ObjectId, object: &Object| match object {
            Object::Sequence(it) => {
                it.owned_by.as_ref().is_some_and(|it| marked.contains(&ObjectId::table(&it.table)))
            }
            _ => is_part(id) && schema.owner(id).is_some_and(|it| marked.contains(&it)),
        };
        let objects = schema.iter().filter(|(id, it)| marked.contains(id) || belongs(id, it));
        let objects = objects.map(|(_, object)| object.clone()).collect();
        Self { objects, ..Self::default() }
    }

    /// Whether nothing is provided.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.objects.is_empty() && self.names.is_empty() && self.roles.is_empty()
    }

    /// Adds what another one has.
    pub fn extend(&mut self, other: &Self) {
        for (_, object) in other.objects.iter() {
            self.objects.insert(object.clone());
        }
        self.names.extend(other.names.iter().cloned());
        self.roles.extend(other.roles.iter().cloned());
    }

    /// Whether an object is provided: itself, or as part of a relation that is.
    #[must_use]
    pub fn contains(&self, id: &ObjectId) -> bool {
        self.objects.contains(id)
            || self.names.contains(id)
            || is_part(id) && self.objects.owner(id).is_some()
    }

    /// Whether an object stands where others make objects, too: in a provided schema, or on a
    /// provided relation.
    #[must_use]
    pub fn surrounds(&self, id: &ObjectId) -> bool {
        let inside = id.namespace.as_ref().is_some_and(|it| self.has_namespace(it));
        inside || id.relation.is_some() && self.objects.owner(id).is_some()
    }

    /// Whether a namespace is provided. `public` is everybody's, whoever made it.
    #[must_use]
    pub fn has_namespace(&self, name: &Ident) -> bool {
        let id = ObjectId::global(ObjectKind::Namespace, name.clone());
        *name != Ident::public() && (self.objects.contains(&id) || self.names.contains(&id))
    }

    /// The namespaces that are provided or that something provided stands in.
    #[must_use]
    pub fn namespaces(&self) -> BTreeSet<Ident> {
        let ids = self.objects.iter().map(|(id, _)| id).chain(&self.names);
        ids.filter_map(|id| match id.kind {
            ObjectKind::Namespace => Some(id.name.clone()),
            _ => id.namespace.clone(),
        })
        .collect()
    }
}

/// Whether an object is a part of the relation that it belongs to. Triggers, rules and policies are
/// not: anybody may put them on a table of another's, given the right.
fn is_part(id: &ObjectId) -> bool {
    matches!(id.kind, ObjectKind::Column | ObjectKind::Constraint | ObjectKind::Index)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::definition::{DefinedKind, Definition};
    use crate::model::ident::QualifiedName;
    use crate::model::index::{Index, IndexKey};
    use crate::model::namespace::Namespace;
    use crate::model::table::Table;

    #[test]
    fn parts_are_provided_with_their_table_and_triggers_are_not() {
        let users = QualifiedName::new("auth", "users");
        let index = Index::new(users.clone(), Ident::new("i"), vec![IndexKey::column("id")]);
        let kind = ObjectKind::Defined(DefinedKind::Trigger);
        let trigger = ObjectId::child(kind, &users, &Ident::new("welcome"));
        let table = Object::from(Table::new(users));
        let marked = BTreeSet::from([table.id()]);
        let index = Object::from(index);
        let definition = Definition::new(trigger.clone(), "CREATE TRIGGER …");
        let schema = [table, index.clone(), definition.into()].into_iter().collect();
        let provided = Provided::select(&schema, &marked);
        assert!(provided.contains(&index.id()) && !provided.contains(&trigger));
        assert!(provided.surrounds(&trigger));
    }

    #[test]
    fn public_is_no_provided_schema() {
        let namespaces = [Ident::public(), Ident::new("auth")];
        let objects = namespaces.map(|name| Namespace { name, comment: None }.into());
        let provided = Provided { objects: objects.into_iter().collect(), ..Provided::default() };
        let table = |namespace: &str| ObjectId::table(&QualifiedName::new(namespace, "t"));
        assert!(provided.surrounds(&table("auth")));
        assert!(!provided.surrounds(&table("public")));
    }
}
