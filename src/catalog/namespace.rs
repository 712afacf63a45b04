//! Namespaces.

use super::Scope;
use super::directory::{Address, Directory, PG_NAMESPACE};
use super::row::row;
use crate::model::ident::{Ident, PUBLIC};
use crate::model::namespace::{Namespace, PUBLIC_COMMENT};

row! {
    "namespaces";
    /// A row of `pg_namespace`.
    struct NamespaceRow {
        oid: u32,
        name: String,
    }
}

/// Adds the namespaces in scope.
pub(super) fn read(rows: Vec<NamespaceRow>, scope: &Scope, directory: &mut Directory) {
    for row in rows {
        if !scope.excludes_namespace(&row.name) {
            let comment = directory.take_comment(Address::whole(PG_NAMESPACE, row.oid));
            let address = Address::whole(PG_NAMESPACE, row.oid);
            directory.add(namespace(row, comment), [address]);
        }
    }
}

fn namespace(row: NamespaceRow, comment: Option<String>) -> Namespace {
    let from_initdb = |it: &String| row.name == PUBLIC && it == PUBLIC_COMMENT;
    let comment = comment.filter(|it| !from_initdb(it));
    Namespace { name: Ident::new(row.name), comment }
}
