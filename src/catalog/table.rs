//! Tables.

use std::collections::BTreeMap;
use std::fmt;

use super::directory::{Address, Directory, PG_CLASS, PG_TYPE};
use super::row::row;
use super::{CatalogError, Scope, text};
use crate::model::definition::Firing;
use crate::model::ident::{Ident, QualifiedName};
use crate::model::object::ObjectId;
use crate::model::options::Options;
use crate::model::parameters::ParameterTarget;
use crate::model::table::{Foreign, PartitionOf, Persistence, ReplicaIdentity, RowSecurity, Table};

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
        partition_by: Option<String>,
        bound: Option<String>,
        parent_namespaces: Vec<String>,
        parent_names: Vec<String>,
        type_namespace: Option<String>,
        type_name: Option<String>,
        access_method: Option<String>,
        server: Option<String>,
        foreign_options: Option<Vec<String>>,
        attached_to: Vec<String>,
        attached: Vec<String>,
        trigger_names: Vec<String>,
        trigger_firing: Vec<String>,
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
        let Some(persistence) = directory.known(persistence(&row.persistence, &name))? else {
            continue;
        };
        let index = row.replica_index.clone();
        let identity = directory.known(replica_identity(&row.replica_identity, index, &name))?;
        let replica_identity = identity.unwrap_or(ReplicaIdentity::Default);
        let mut inherited_triggers = BTreeMap::new();
        for (trigger, code) in row.trigger_names.iter().zip(&row.trigger_firing) {
            let firing = directory.known(firing(code, &name))?;
            inherited_triggers.extend(firing.map(|it| (Ident::new(trigger.as_str()), it)));
        }
        directory.add_table(row.oid, name.clone());
        let addresses = [
            Address::whole(PG_CLASS, row.oid),
            Address::whole(PG_TYPE, row.row_type),
            Address::whole(PG_TYPE, row.row_array_type),
        ];
        let comment = directory.take_comment(addresses[0]);
        let table = Table {
            persistence,
            replica_identity,
            inherited_triggers,
            comment,
            ..Table::new(name)
        };
        let mut table = described(table, row);
        let id = ObjectId::table(&table.name);
        table.options = directory.documented(table.options, ParameterTarget::Table, &id);
        directory.add(table, addresses);
    }
    Ok(())
}

/// The table with what needs no more than its row.
fn described(table: Table, row: TableRow) -> Table {
    let parents = row.parent_namespaces.iter().zip(&row.parent_names);
    let mut inherits: Vec<QualifiedName> = parents
        .map(|(namespace, name)| QualifiedName::new(namespace.as_str(), name.as_str()))
        .collect();
    let parent = row.bound.is_some().then(|| inherits.pop()).flatten();
    let partition_of = parent.zip(row.bound).map(|(parent, bound)| PartitionOf { parent, bound });
    let of_type = row.type_namespace.zip(row.type_name);
    let attached = row.attached_to.into_iter().zip(row.attached);
    let foreign_options = text::options(row.foreign_options);
    Table {
        partition_by: row.partition_by,
        partition_of,
        inherits,
        of_type: of_type
            .map(|(namespace, name)| QualifiedName::new(namespace.as_str(), name.as_str())),
        access_method: row.access_method.map(Ident::new),
        foreign: row.server.map(|it| Foreign { server: Ident::new(it), options: foreign_options }),
        attached: attached.map(|(to, own)| (Ident::new(to), Ident::new(own))).collect(),
        row_security: row_security(row.row_security, row.force_row_security),
        options: options(row.options, row.toast_options),
        ..table
    }
}

/// `tgenabled`, `ev_enabled`, `evtenabled`.
pub(super) fn firing(code: &str, owner: &dyn fmt::Display) -> Result<Firing, CatalogError> {
    match code {
        "O" => Ok(Firing::Origin),
        "D" => Ok(Firing::Disabled),
        "R" => Ok(Firing::Replica),
        "A" => Ok(Firing::Always),
        _ => Err(unknown("firing", code, owner)),
    }
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
