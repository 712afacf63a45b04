//! Dependencies: rows of `pg_depend` between objects that were read.

use super::directory::{Address, Directory, PG_CLASS, PG_EXTENSION};
use super::row::row;
use crate::model::ident::Ident;
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::model::snapshot::Dependencies;

row! {
    "dependencies";
    /// A row of `pg_depend`.
    struct DependencyRow {
        class: u32,
        object: u32,
        sub_object: i32,
        needed_class: u32,
        needed_object: u32,
        needed_sub_object: i32,
        /// The extension that what is needed belongs to.
        needed_extension: Option<u32>,
    }
}

/// The dependencies among the objects of a directory. Rows that name anything else (TOAST tables,
/// objects of kinds that are not managed) lead nowhere and are left out. What belongs to a table
/// needs that table by its name alone.
pub(super) fn read(rows: &[DependencyRow], directory: &Directory) -> Dependencies {
    let mut dependencies = Dependencies::default();
    for (dependent, needed) in rows.iter().filter_map(|it| resolve(it, directory)) {
        if !is_ownership(dependent, needed) {
            dependencies.insert(dependent.clone(), needed.clone());
        }
    }
    for (id, object) in directory.schema().iter() {
        if let Some(namespace) = namespace(id, object).and_then(|it| directory.namespace_id(it)) {
            dependencies.insert(id.clone(), namespace);
        }
    }
    dependencies
}

fn resolve<'a>(
    row: &DependencyRow,
    directory: &'a Directory,
) -> Option<(&'a ObjectId, &'a ObjectId)> {
    let dependent = Address { class: row.class, object: row.object, sub_object: row.sub_object };
    let needed = match row.needed_extension {
        Some(extension) => Address::whole(PG_EXTENSION, extension),
        None => Address {
            class: row.needed_class,
            object: row.needed_object,
            sub_object: row.needed_sub_object,
        },
    };
    let id = |it: Address| {
        directory.id(it).or_else(|| directory.id(Address::whole(it.class, it.object)))
    };
    let (dependent_id, needed_id) = (id(dependent)?, id(needed)?);
    (!is_of_parent(dependent, dependent_id, directory)).then_some((dependent_id, needed_id))
}

/// Whether the column of a child stands for that of its parent: what the child's needs is no need of
/// the parent's.
fn is_of_parent(address: Address, id: &ObjectId, directory: &Directory) -> bool {
    id.kind == ObjectKind::Column
        && address.class == PG_CLASS
        && directory.table(address.object) != id.table_name().as_ref()
}

/// OWNED BY is told by the sequence. As an edge it would close a cycle with the default that
/// calls nextval.
fn is_ownership(dependent: &ObjectId, needed: &ObjectId) -> bool {
    dependent.kind == ObjectKind::Sequence
        && matches!(needed.kind, ObjectKind::Column | ObjectKind::Table)
}

/// The namespace that an object stands in by itself.
fn namespace<'a>(id: &'a ObjectId, object: &'a Object) -> Option<&'a Ident> {
    match object {
        Object::Extension(it) => Some(&it.namespace),
        _ if id.relation.is_none() => id.namespace.as_ref(),
        _ => None,
    }
}
