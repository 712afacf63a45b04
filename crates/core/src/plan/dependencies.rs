//! Dependencies between objects: those of the catalog, and those that follow from the objects
//! themselves.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Schema;
use crate::model::constraint::{Constraint, ConstraintRule, ForeignKey, Timing};
use crate::model::definition::DefinedKind;
use crate::model::ident::{Ident, QualifiedName};
use crate::model::index::{Index, IndexValue};
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::model::pg_type::PgType;
use crate::model::sequence::ColumnRef;
use crate::model::snapshot::Snapshot;
use crate::model::table::Table;
use crate::plan::column::{types_called, user_type};

/// Dependencies in both directions.
#[derive(Debug, Default)]
pub(super) struct DependencyMap {
    needs: BTreeMap<ObjectId, BTreeSet<ObjectId>>,
    needed_by: BTreeMap<ObjectId, BTreeSet<ObjectId>>,
}

impl DependencyMap {
    /// Takes the edges of `pg_depend` and adds those that the objects imply; a schema that no
    /// server has seen has only these.
    pub(super) fn of(snapshot: &Snapshot) -> Self {
        let mut map = Self::default();
        for (dependent, needed) in snapshot.dependencies.iter() {
            map.insert(&snapshot.schema, dependent.clone(), needed.clone());
        }
        for (id, object) in snapshot.schema.iter() {
            for needed in implied(&snapshot.schema, object) {
                map.insert(&snapshot.schema, id.clone(), needed);
            }
        }
        map
    }

    fn insert(&mut self, schema: &Schema, dependent: ObjectId, needed: ObjectId) {
        let needed = source(schema, needed);
        if dependent == needed || !schema.contains(&needed) || !schema.contains(&dependent) {
            return;
        }
        self.needed_by.entry(needed.clone()).or_default().insert(dependent.clone());
        self.needs.entry(dependent).or_default().insert(needed);
    }

    /// What an object needs.
    pub(super) fn needs(&self, id: &ObjectId) -> impl Iterator<Item = &ObjectId> {
        self.needs.get(id).into_iter().flatten()
    }

    /// What needs an object.
    pub(super) fn needed_by(&self, id: &ObjectId) -> impl Iterator<Item = &ObjectId> {
        self.needed_by.get(id).into_iter().flatten()
    }
}

/// What a sequence goes with: the table of the column that owns it, and what gives that column,
/// which may be a parent of the table or its type.
pub(super) fn owners(schema: &Schema, owner: &ColumnRef) -> Vec<ObjectId> {
    let column = schema.column_source(&owner.table, &owner.column);
    std::iter::once(ObjectId::table(&owner.table)).chain(column).collect()
}

/// What gives a column that has no object of its own, and anything else as it is.
fn source(schema: &Schema, id: ObjectId) -> ObjectId {
    let table = id.table_name().filter(|_| id.kind == ObjectKind::Column && !schema.contains(&id));
    table.and_then(|it| schema.column_source(&it, &id.name)).unwrap_or(id)
}

fn implied(schema: &Schema, object: &Object) -> Vec<ObjectId> {
    let id = object.id();
    let mut needed: Vec<ObjectId> = schema.owner(&id).into_iter().collect();
    if id.relation.is_none() {
        let namespace = id.namespace.clone();
        needed.extend(namespace.map(|it| ObjectId::global(ObjectKind::Namespace, it)));
    }
    match object {
        Object::Extension(it) => {
            needed.push(ObjectId::global(ObjectKind::Namespace, it.namespace.clone()));
        }
        Object::Column(it) => {
            needed.extend(of_type(&it.data_type));
            let table = schema.table(&it.table);
            let parents = table.iter().flat_map(|it| it.parents());
            needed.extend(parents.filter_map(|parent| schema.column_source(parent, &it.name)));
        }
        Object::Table(it) => needed.extend(of_table(it)),
        Object::Constraint(it) => needed.extend(of_constraint(schema, it)),
        Object::Index(it) => needed.extend(of_index(it)),
        Object::Domain(it) => needed.extend(of_type(&it.data_type)),
        Object::Composite(it) => {
            needed.extend(it.attributes.iter().flat_map(|it| of_type(&it.data_type)));
        }
        Object::Privileges(it) => needed.push(it.on.clone()),
        Object::Namespace(_)
        | Object::Enum(_)
        | Object::Sequence(_)
        | Object::Defined(_)
        | Object::DefaultPrivileges(_) => {}
    }
    needed
}

/// The types that a column, an attribute or a domain can be of.
fn of_type(data_type: &PgType) -> Vec<ObjectId> {
    user_type(data_type).iter().flat_map(types_called).collect()
}

/// Parents, the type that a table is of, and the server of a foreign table.
fn of_table(table: &Table) -> Vec<ObjectId> {
    let parents = table.parents().map(ObjectId::table);
    let of_type = table.of_type.iter().map(|it| ObjectId::named(ObjectKind::Composite, it));
    let defined = |kind, name: &Ident| ObjectId::global(ObjectKind::Defined(kind), name.clone());
    let server = table.foreign.iter().map(|it| defined(DefinedKind::Server, &it.server));
    let method = table.access_method.iter().map(|it| defined(DefinedKind::AccessMethod, it));
    parents.chain(of_type).chain(server).chain(method).collect()
}

fn columns<'a>(
    table: &'a QualifiedName,
    names: impl IntoIterator<Item = &'a Ident> + 'a,
) -> impl Iterator<Item = ObjectId> + 'a {
    names.into_iter().map(move |it| ObjectId::child(ObjectKind::Column, table, it))
}

fn of_constraint(schema: &Schema, constraint: &Constraint) -> Vec<ObjectId> {
    match &constraint.rule {
        ConstraintRule::PrimaryKey(key) | ConstraintRule::Unique(key) => {
            columns(&constraint.table, key.columns.iter().chain(&key.include)).collect()
        }
        ConstraintRule::ForeignKey(key) => {
            let mut needed: Vec<_> = columns(&constraint.table, &key.columns).collect();
            needed.extend(columns(&key.references, &key.referenced_columns));
            needed.push(ObjectId::table(&key.references));
            needed.extend(referenced_key(schema, key));
            needed
        }
        ConstraintRule::Check { .. } | ConstraintRule::Exclude { .. } => Vec::new(),
    }
}

/// The constraint or unique index that makes the referenced columns a key.
pub(super) fn referenced_key(schema: &Schema, key: &ForeignKey) -> Option<ObjectId> {
    referenced_keys(schema, key).into_iter().next()
}

/// All constraints and unique indexes that make the referenced columns a key, constraints first. The
/// server takes the first that it finds, and never one that is deferrable
/// (`transformFkeyCheckAttrs`).
pub(super) fn referenced_keys(schema: &Schema, key: &ForeignKey) -> Vec<ObjectId> {
    let wanted: BTreeSet<_> = key.referenced_columns.iter().collect();
    let constraints = schema.constraints(&key.references).filter(|it| match &it.rule {
        ConstraintRule::PrimaryKey(key) | ConstraintRule::Unique(key) => {
            it.timing == Timing::NotDeferrable
                && key.columns.iter().collect::<BTreeSet<_>>() == wanted
        }
        ConstraintRule::ForeignKey(_)
        | ConstraintRule::Check { .. }
        | ConstraintRule::Exclude { .. } => false,
    });
    let constraints =
        constraints.map(|it| ObjectId::child(ObjectKind::Constraint, &it.table, &it.name));
    let indexes = schema.indexes(&key.references).filter(|it| {
        let names: Option<BTreeSet<_>> = it
            .keys
            .iter()
            .map(|key| match &key.value {
                IndexValue::Column(name) => Some(name),
                IndexValue::Expression(_) => None,
            })
            .collect();
        it.unique && it.predicate.is_none() && names.is_some_and(|it| it == wanted)
    });
    let indexes = indexes.map(|it| ObjectId::child(ObjectKind::Index, &it.table, &it.name));
    constraints.chain(indexes).collect()
}

/// The foreign key that an object is.
pub(super) fn foreign_key<'a>(
    schema: &'a Schema,
    id: &ObjectId,
) -> Option<(&'a Constraint, &'a ForeignKey)> {
    match schema.get(id) {
        Some(Object::Constraint(constraint)) => match &constraint.rule {
            ConstraintRule::ForeignKey(key) => Some((constraint, key)),
            ConstraintRule::PrimaryKey(_)
            | ConstraintRule::Unique(_)
            | ConstraintRule::Check { .. }
            | ConstraintRule::Exclude { .. } => None,
        },
        _ => None,
    }
}

/// Whether a foreign key needs a table only because it is a partition of the referenced one. It does
/// without the partition once that is detached.
pub(super) fn references_as_partition(schema: &Schema, id: &ObjectId, needed: &ObjectId) -> bool {
    foreign_key(schema, id).is_some_and(|(constraint, key)| {
        let other = |it: &QualifiedName| *needed != ObjectId::table(it);
        needed.kind == ObjectKind::Table && other(&key.references) && other(&constraint.table)
    })
}

fn of_index(index: &Index) -> Vec<ObjectId> {
    let method = ObjectKind::Defined(DefinedKind::AccessMethod);
    let method = ObjectId::global(method, index.method.clone());
    let keys = index.keys.iter().filter_map(|it| match &it.value {
        IndexValue::Column(name) => Some(name),
        IndexValue::Expression(_) => None,
    });
    columns(&index.table, keys.chain(&index.include)).chain([method]).collect()
}
