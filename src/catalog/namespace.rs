//! Namespaces.

use super::Scope;
use super::directory::Directory;
use super::row::row;
use crate::model::ident::{Ident, PUBLIC};
use crate::model::namespace::{Namespace, PUBLIC_COMMENT};

row! {
    "namespaces";
    /// A row of `pg_namespace`.
    struct NamespaceRow {
        name: String,
        comment: Option<String>,
    }
}

/// Adds the namespaces in scope.
pub(super) fn read(rows: Vec<NamespaceRow>, scope: &Scope, directory: &mut Directory) {
    for row in rows {
        if !scope.excludes_namespace(&row.name) {
            directory.add(namespace(row), []);
        }
    }
}

fn namespace(row: NamespaceRow) -> Namespace {
    let from_initdb = |it: &String| row.name == PUBLIC && it == PUBLIC_COMMENT;
    let comment = row.comment.filter(|it| !from_initdb(it));
    Namespace { name: Ident::new(row.name), comment }
}
