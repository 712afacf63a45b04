//! Owners of schemas, and of objects outside of schemas.

use super::CatalogError;
use super::row::row;
use super::table::unknown;
use crate::model::definition::DefinedKind;
use crate::model::ident::{Ident, QualifiedName};
use crate::model::object::{ObjectId, ObjectKind};
use crate::model::snapshot::Ownership;

row! {
    "ownership";
    /// Something that another role owns, or something own in a schema of another's.
    struct OwnershipRow {
        /// `schema`, `extension` or the name of a [`DefinedKind`]; `own` for what is own.
        kind: String,
        namespace: Option<String>,
        name: String,
        owner: String,
    }
}

/// Sorts the rows.
pub(super) fn read(rows: Vec<OwnershipRow>) -> Result<Ownership, CatalogError> {
    let mut ownership = Ownership::default();
    for row in rows {
        let name = Ident::new(row.name.as_str());
        if let Some(namespace) = row.namespace {
            ownership.own_inside.insert(QualifiedName::new(Ident::new(namespace), name));
            continue;
        }
        let kind = match row.kind.as_str() {
            "schema" => ObjectKind::Namespace,
            "extension" => ObjectKind::Extension,
            defined => {
                let kind: Result<DefinedKind, _> = defined.parse();
                ObjectKind::Defined(kind.map_err(|_| unknown("kind", defined, &row.name))?)
            }
        };
        ownership.others.insert(ObjectId::global(kind, name), Ident::new(row.owner));
    }
    Ok(ownership)
}
