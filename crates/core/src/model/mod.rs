//! The schema of a database: plain data, no I/O, no SQL statements.
//!
//! A [`Schema`] is a flat map of objects by identity: tables do not contain their columns, so that
//! one diff, one ordering and one reversal work for all kinds. Objects of a table have the name of
//! the table in their identity.

pub mod attached;
pub mod base_type;
pub mod code_hints;
pub mod column;
pub mod composite;
pub mod constraint;
pub mod declared;
pub mod defined_kind;
pub mod definition;
pub mod domain;
pub mod duration;
pub mod enum_type;
pub mod expr;
pub mod extension;
pub mod fingerprint;
pub mod id;
pub mod ident;
pub mod index;
pub mod inheritance;
pub mod namespace;
pub mod not_null;
pub mod object;
pub mod options;
pub mod parameters;
pub mod pg_type;
pub mod pgvector;
pub mod printed;
pub mod privileges;
pub mod provided;
pub mod search_path;
pub mod secret;
pub mod sequence;
pub mod snapshot;
pub mod table;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use column::Column;
use constraint::Constraint;
use definition::DefinedKind;
use ident::QualifiedName;
use index::Index;
use object::{Object, ObjectId, ObjectKind, UnderKind};
use table::Table;

/// The whole description of a database: all objects in canonical order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<UnderKind>", into = "Vec<UnderKind>")]
pub struct Schema {
    objects: BTreeMap<ObjectId, Object>,
}

impl Schema {
    /// Adds an object, and gives back the one that had its identity before.
    pub fn insert(&mut self, object: impl Into<Object>) -> Option<Object> {
        let object = object.into();
        self.objects.insert(object.id(), object)
    }

    /// Takes an object out.
    pub fn remove(&mut self, id: &ObjectId) -> Option<Object> {
        self.objects.remove(id)
    }

    /// The object with this identity.
    #[must_use]
    pub fn get(&self, id: &ObjectId) -> Option<&Object> {
        self.objects.get(id)
    }

    /// Whether there is such an object.
    #[must_use]
    pub fn contains(&self, id: &ObjectId) -> bool {
        self.objects.contains_key(id)
    }

    /// All objects in canonical order.
    pub fn iter(&self) -> impl Iterator<Item = (&ObjectId, &Object)> {
        self.objects.iter()
    }

    /// Whether there is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.objects.is_empty()
    }

    /// Keeps the objects that pass.
    pub fn retain(&mut self, mut keep: impl FnMut(&ObjectId, &Object) -> bool) {
        self.objects.retain(|id, object| keep(id, object));
    }

    /// The relation that an object belongs to, be it a table or a view.
    #[must_use]
    pub fn owner(&self, id: &ObjectId) -> Option<ObjectId> {
        let relation =
            QualifiedName { namespace: id.namespace.clone()?, name: id.relation.clone()? };
        let kinds = [
            ObjectKind::Table,
            ObjectKind::Defined(DefinedKind::View),
            ObjectKind::Defined(DefinedKind::MaterializedView),
        ];
        let mut candidates = kinds.into_iter().map(|it| ObjectId::named(it, &relation));
        candidates.find(|it| self.contains(it))
    }

    /// All tables.
    pub fn tables(&self) -> impl Iterator<Item = &Table> {
        self.objects.values().filter_map(|it| match it {
            Object::Table(table) => Some(table),
            _ => None,
        })
    }

    /// The columns of a table, in their order.
    #[must_use]
    pub fn columns(&self, table: &QualifiedName) -> Vec<&Column> {
        let mut columns: Vec<_> = self
            .children(ObjectKind::Column, table)
            .filter_map(|it| match it {
                Object::Column(column) => Some(column),
                _ => None,
            })
            .collect();
        columns.sort_by_key(|it| it.position);
        columns
    }

    /// Puts the columns of tables into the order that another schema has them in; those that it does
    /// not have come after them, in their own order.
    pub fn arrange_columns(&mut self, like: &Self) {
        let tables: Vec<QualifiedName> = self.tables().map(|it| it.name.clone()).collect();
        for table in tables {
            let order: Vec<_> = like.columns(&table).iter().map(|it| it.name.clone()).collect();
            let mut columns: Vec<Column> = self.columns(&table).into_iter().cloned().collect();
            columns.sort_by_key(|column| {
                order.iter().position(|it| *it == column.name).unwrap_or(order.len())
            });
            for (position, column) in (1..).zip(columns) {
                self.insert(Column { position, ..column });
            }
        }
    }

    /// The constraints of a table, by name.
    pub fn constraints<'a>(
        &'a self,
        table: &QualifiedName,
    ) -> impl Iterator<Item = &'a Constraint> + use<'a> {
        self.children(ObjectKind::Constraint, table).filter_map(|it| match it {
            Object::Constraint(constraint) => Some(constraint),
            _ => None,
        })
    }

    /// The indexes of a table, by name.
    pub fn indexes<'a>(
        &'a self,
        table: &QualifiedName,
    ) -> impl Iterator<Item = &'a Index> + use<'a> {
        self.children(ObjectKind::Index, table).filter_map(|it| match it {
            Object::Index(index) => Some(index),
            _ => None,
        })
    }

    /// What of one kind belongs to a table. Ids sort by kind, namespace, relation, name, so these
    /// stand together.
    fn children<'a>(
        &'a self,
        kind: ObjectKind,
        table: &QualifiedName,
    ) -> impl Iterator<Item = &'a Object> + use<'a> {
        let first = ObjectId::child(kind, table, &ident::Ident::new(""));
        let table = table.clone();
        self.objects
            .range(first..)
            .take_while(move |(id, _)| {
                id.kind == kind
                    && id.namespace.as_ref() == Some(&table.namespace)
                    && id.relation.as_ref() == Some(&table.name)
            })
            .map(|(_, object)| object)
    }
}

impl From<Vec<UnderKind>> for Schema {
    fn from(objects: Vec<UnderKind>) -> Self {
        objects.into_iter().map(|it| it.0).collect()
    }
}

impl From<Schema> for Vec<UnderKind> {
    fn from(schema: Schema) -> Self {
        schema.objects.into_values().map(UnderKind).collect()
    }
}

impl FromIterator<Object> for Schema {
    fn from_iter<I: IntoIterator<Item = Object>>(objects: I) -> Self {
        Self { objects: objects.into_iter().map(|it| (it.id(), it)).collect() }
    }
}

/// For what stands in a stored schema only where it says something.
fn is_false(it: &bool) -> bool {
    !it
}

/// As [`is_false`], for what is usual.
fn is_true(it: &bool) -> bool {
    *it
}

/// What [`is_true`] leaves out.
fn yes() -> bool {
    true
}
