//! Composite types.

use super::directory::{Address, Directory, PG_CLASS, PG_TYPE};
use super::row::row;
use super::text::pg_type;
use super::{CatalogError, Scope};
use crate::model::composite::{Attribute, CompositeType};
use crate::model::ident::{Ident, QualifiedName};

row! {
    "composite_types";
    /// A row of `pg_class` with its attributes.
    struct CompositeRow {
        oid: u32,
        row_type: u32,
        array_type: u32,
        namespace: String,
        name: String,
        names: Vec<String>,
        types: Vec<String>,
        /// 0 where it is the type's own.
        collations: Vec<u32>,
    }
}

/// Adds the composite types in scope.
pub(super) fn read(
    rows: Vec<CompositeRow>,
    scope: &Scope,
    directory: &mut Directory,
) -> Result<(), CatalogError> {
    for row in rows {
        let name = QualifiedName::new(row.namespace.as_str(), row.name.as_str());
        if scope.excludes(&name) {
            continue;
        }
        let types = [row.row_type, row.array_type].map(|it| Address::whole(PG_TYPE, it));
        let addresses = [Address::whole(PG_CLASS, row.oid), types[0], types[1]];
        let mut comments = directory.take_column_comments(row.oid);
        let mut attributes = Vec::new();
        for ((attribute, data_type), collation) in
            row.names.iter().zip(&row.types).zip(&row.collations)
        {
            let attribute = Ident::new(attribute.as_str());
            attributes.push(Attribute {
                data_type: pg_type(data_type)?,
                collation: directory.collation(*collation, 0, &name)?,
                comment: comments.remove(&attribute),
                name: attribute,
            });
        }
        // COMMENT ON TYPE is kept with the row type.
        let comment = directory.take_comment(types[0]);
        directory.add(CompositeType { name, attributes, comment }, addresses);
    }
    Ok(())
}
