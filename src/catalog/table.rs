//! Tables.

use std::fmt;

use super::directory::{Address, Directory, PG_CLASS, PG_TYPE};
use super::row::row;
use super::{CatalogError, Scope, text};
use crate::model::ident::{Ident, QualifiedName};
use crate::model::options::Options;
use crate::model::table::{Persistence, ReplicaIdentity, RowSecurity, Table};

row! {
    "tables";
    /// A row of `pg_class`.
    struct TableRow {
        oid: u32,
        namespace: String,
        name: String,
        row_type: u32,
        row_array_type: u32,
        persistence: String,
        options: Option<Vec<String>>,
        toast_options: Option<Vec<String>>,
        row_security: bool,
        force_row_security: bool,
        replica_identity: String,
        replica_index: Option<String>,
    }
}

/// Adds the tables in scope.
pub(super) fn read(
    rows: Vec<TableRow>,
    scope: &Scope,
    directory: &mut Directory,
) -> Result<(), CatalogError> {
    for row in rows {
        let name = QualifiedName::new(row.namespace.as_str(), row.name.as_str());
        if scope.excludes(&name) {
            continue;
        }
        directory.add_table(row.oid, name.clone());
        let addresses = [
            Address::whole(PG_CLASS, row.oid),
            Address::whole(PG_TYPE, row.row_type),
            Address::whole(PG_TYPE, row.row_array_type),
        ];
        let comment = directory.take_comment(addresses[0]);
        directory.add(table(row, name, comment)?, addresses);
    }
    Ok(())
}

fn table(
    row: TableRow,
    name: QualifiedName,
    comment: Option<String>,
) -> Result<Table, CatalogError> {
    Ok(Table {
        persistence: persistence(&row.persistence, &name)?,
        row_security: row_security(row.row_security, row.force_row_security),
        replica_identity: replica_identity(&row.replica_identity, row.replica_index, &name)?,
        options: options(row.options, row.toast_options),
        comment,
        name,
    })
}

/// `relpersistence`.
pub(super) fn persistence(code: &str, owner: &QualifiedName) -> Result<Persistence, CatalogError> {
    match code {
        "p" => Ok(Persistence::Permanent),
        "u" => Ok(Persistence::Unlogged),
        _ => Err(unknown("relpersistence", code, owner)),
    }
}

/// A code letter of which nothing is known.
pub(super) fn unknown(what: &'static str, code: &str, owner: &dyn fmt::Display) -> CatalogError {
    CatalogError::UnknownCode { what, code: code.to_owned(), owner: owner.to_string() }
}

fn row_security(enabled: bool, forced: bool) -> RowSecurity {
    match (enabled, forced) {
        (false, false) => RowSecurity::Disabled,
        (true, false) => RowSecurity::Enabled,
        (true, true) => RowSecurity::Forced,
        (false, true) => RowSecurity::DisabledForced,
    }
}

/// An index that is gone counts as NOTHING (ALTER TABLE … REPLICA IDENTITY in the manual).
fn replica_identity(
    code: &str,
    index: Option<String>,
    owner: &QualifiedName,
) -> Result<ReplicaIdentity, CatalogError> {
    match (code, index) {
        ("d", _) => Ok(ReplicaIdentity::Default),
        ("f", _) => Ok(ReplicaIdentity::Full),
        ("n", _) | ("i", None) => Ok(ReplicaIdentity::Nothing),
        ("i", Some(index)) => Ok(ReplicaIdentity::Index(Ident::new(index))),
        _ => Err(unknown("relreplident", code, owner)),
    }
}

fn options(own: Option<Vec<String>>, toast: Option<Vec<String>>) -> Options {
    let toast =
        text::parameters(toast).into_iter().map(|(name, value)| (format!("toast.{name}"), value));
    text::parameters(own).into_iter().chain(toast).collect()
}
