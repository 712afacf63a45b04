//! Objects with a definition in SQL: several queries with the same columns.

use std::collections::BTreeMap;

use super::directory::{Address, Directory, PG_OPFAMILY};
use super::row::{Query, query, row};
use super::table::{firing, unknown};
use super::{CatalogError, Scope};
use crate::model::definition::{DefinedKind, Definition, Firing, Removal};
use crate::model::ident::{Ident, Signature};
use crate::model::object::{ObjectId, ObjectKind};

/// The queries that give such rows; `present.sql` says which of them find any.
pub(super) const QUERIES: [Query; 7] = [
    query!("database_wide"),
    query!("made_types"),
    query!("routines"),
    query!("operators"),
    query!("text_search"),
    query!("views"),
    query!("triggers"),
];

row! {
    /// An object with the SQL that makes it.
    struct DefinitionRow {
        /// Its catalog, as `pg_depend` names it.
        class: u32,
        object: u32,
        /// The name of a [`DefinedKind`].
        kind: String,
        namespace: Option<String>,
        relation: Option<String>,
        name: String,
        signature: Option<String>,
        statements: Vec<String>,
        interface: Option<Vec<String>>,
        /// When it fires; none for what does not.
        firing: Option<String>,
        /// Other rows that stand for it in `pg_depend`.
        address_classes: Vec<u32>,
        address_objects: Vec<u32>,
    }
}

/// Adds the objects in scope. What belongs to a relation goes with it.
pub(super) fn read(
    rows: Vec<DefinitionRow>,
    scope: &Scope,
    directory: &mut Directory,
) -> Result<(), CatalogError> {
    for row in rows {
        let called = row.relation.as_deref().unwrap_or(&row.name);
        let excluded = match &row.namespace {
            Some(namespace) => scope.excludes_text(namespace, called),
            None => scope.excludes_global(called),
        };
        if !excluded {
            add(row, directory)?;
        }
    }
    Ok(())
}

fn add(row: DefinitionRow, directory: &mut Directory) -> Result<(), CatalogError> {
    let kind: DefinedKind =
        row.kind.parse().map_err(|_| unknown("kind", &row.kind, &row.name.as_str()))?;
    let removal = removal(kind, &row);
    let own = Address::whole(row.class, row.object);
    let others = row.address_classes.iter().zip(&row.address_objects);
    let others = others.map(|(class, object)| Address::whole(*class, *object));
    // A number of zero stands for nothing.
    let addresses: Vec<_> =
        std::iter::once(own).chain(others.filter(|it| it.object != 0)).collect();
    let id = ObjectId {
        kind: ObjectKind::Defined(kind),
        namespace: row.namespace.map(Ident::new),
        relation: row.relation.map(Ident::new),
        name: Ident::new(row.name),
        signature: row.signature.map(Signature::new),
    };
    let definition = Definition {
        statements: row.statements,
        interface: row.interface,
        firing: match &row.firing {
            Some(code) => directory.known(firing(code, &id))?.unwrap_or_default(),
            None => Firing::Origin,
        },
        comment: directory.take_comment(own),
        column_comments: match kind.is_relation() {
            true => directory.take_column_comments(row.object),
            false => BTreeMap::new(),
        },
        removal,
        id,
    };
    if let Some(name) = definition.id.qualified_name().filter(|_| kind.is_relation()) {
        directory.add_table(row.object, name);
    }
    directory.add(definition, addresses);
    Ok(())
}

/// An operator class that stands for its family was made together with it. A type that takes several
/// statements began as a shell.
fn removal(kind: DefinedKind, row: &DefinitionRow) -> Removal {
    match kind {
        DefinedKind::OperatorClass if row.address_classes.contains(&PG_OPFAMILY) => Removal::Family,
        _ if kind.is_type() && row.statements.len() > 1 => Removal::Cascade,
        _ => Removal::Alone,
    }
}
