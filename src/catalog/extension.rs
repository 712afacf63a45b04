//! Extensions.

use std::collections::BTreeMap;

use super::Scope;
use super::directory::{Address, Directory, PG_EXTENSION};
use super::row::row;
use crate::model::extension::Extension;
use crate::model::ident::Ident;

/// The extension that `initdb` installs in every database; a person rarely says so.
const BUILT_IN: &str = "plpgsql";

row! {
    "extensions";
    /// A row of `pg_extension`.
    struct ExtensionRow {
        oid: u32,
        name: String,
        namespace: String,
        version: String,
    }
}

/// Adds the extensions.
pub(super) fn read(rows: Vec<ExtensionRow>, scope: &Scope, directory: &mut Directory) {
    for row in rows {
        if row.name != BUILT_IN && !scope.excludes_global(&row.name) {
            let address = Address::whole(PG_EXTENSION, row.oid);
            directory.add(extension(row), [address]);
        }
    }
}

/// Versions of all of them.
pub(super) fn versions(rows: &[ExtensionRow]) -> BTreeMap<String, String> {
    rows.iter().map(|it| (it.name.clone(), it.version.clone())).collect()
}

fn extension(row: ExtensionRow) -> Extension {
    Extension {
        name: Ident::new(row.name),
        namespace: Ident::new(row.namespace),
        version: Some(row.version),
    }
}
