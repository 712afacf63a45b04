//! Volatile defaults, whose value differs in each row.

use std::collections::BTreeSet;

use super::row::row;
use crate::model::ident::{Ident, QualifiedName};
use crate::model::object::{ObjectId, ObjectKind};

row! {
    "volatile";
    /// A column, or a domain, whose default calls a function that is volatile (`pg_proc.provolatile`).
    struct VolatileRow {
        namespace: String,
        /// The table of a column.
        relation: Option<String>,
        name: String,
    }
}

/// The columns and domains.
pub(super) fn read(rows: Vec<VolatileRow>) -> BTreeSet<ObjectId> {
    let id = |row: VolatileRow| match row.relation {
        Some(table) => {
            let table = QualifiedName::new(row.namespace.as_str(), table.as_str());
            ObjectId::child(ObjectKind::Column, &table, &Ident::new(row.name))
        }
        None => {
            let domain = QualifiedName::new(row.namespace.as_str(), row.name.as_str());
            ObjectId::named(ObjectKind::Domain, &domain)
        }
    };
    rows.into_iter().map(id).collect()
}
