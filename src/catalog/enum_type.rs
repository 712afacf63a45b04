//! Enumerated types.

use super::Scope;
use super::directory::{Address, Directory, PG_TYPE};
use super::row::row;
use crate::model::enum_type::EnumType;
use crate::model::ident::{Ident, QualifiedName};

row! {
    "enums";
    /// A row of `pg_type` with its labels.
    struct EnumRow {
        oid: u32,
        array_type: u32,
        namespace: String,
        name: String,
        labels: Vec<String>,
    }
}

/// Adds the enumerated types in scope.
pub(super) fn read(rows: Vec<EnumRow>, scope: &Scope, directory: &mut Directory) {
    for row in rows {
        let name = QualifiedName::new(Ident::new(row.namespace), Ident::new(row.name));
        if scope.excludes(&name) {
            continue;
        }
        let addresses = [row.oid, row.array_type].map(|it| Address::whole(PG_TYPE, it));
        let comment = directory.take_comment(addresses[0]);
        directory.add(EnumType { name, labels: row.labels, comment }, addresses);
    }
}
