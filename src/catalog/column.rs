//! Columns.

use std::collections::HashMap;
use std::fmt;

use super::directory::{Address, ColumnFacts, Directory, PG_ATTRDEF, PG_CLASS, PG_CONSTRAINT};
use super::row::row;
use super::sequence::{Identities, IdentitySequence};
use super::table::unknown;
use super::{CatalogError, text};
use crate::model::column::{Column, ColumnValue, Compression, Identity, Storage};
use crate::model::expr::SqlExpr;
use crate::model::ident::{Ident, QualifiedName, is_generated_name, object_name};
use crate::model::not_null::{NOT_NULL, NotNull};
use crate::model::object::{ObjectId, ObjectKind};
use crate::model::parameters::ParameterTarget;
use crate::model::table::Table;

row! {
    "columns";
    /// A row of `pg_attribute`, with its `pg_attrdef`.
    struct ColumnRow {
        table_oid: u32,
        number: i16,
        name: String,
        type_oid: u32,
        data_type: String,
        not_null: bool,
        not_null_oid: Option<u32>,
        not_null_name: Option<String>,
        not_null_no_inherit: bool,
        not_null_validated: bool,
        collation: u32,
        type_collation: u32,
        identity: String,
        generated: String,
        default_oid: Option<u32>,
        default_text: Option<String>,
        storage: Option<String>,
        compression: Option<String>,
        statistics: Option<i16>,
        options: Option<Vec<String>>,
        foreign_options: Option<Vec<String>>,
        local: bool,
    }
}

/// Adds the columns of managed tables.
pub(super) fn read(
    mut rows: Vec<ColumnRow>,
    identities: &Identities,
    directory: &mut Directory,
) -> Result<(), CatalogError> {
    let relations: HashMap<u32, Relation> =
        directory.relations().map(|(oid, name)| (oid, relation(directory, name))).collect();
    let depth = |it: &ColumnRow| relations.get(&it.table_oid).map_or(0, |it| it.depth);
    if relations.values().any(|it| it.depth > 1) {
        rows.sort_by_key(depth);
    }
    let mut names = NotNullNames::new();
    for row in rows {
        let Some(table) = directory.table(row.table_oid).cloned() else { continue };
        let number = i32::from(row.number);
        let sequence = identities.get(&(row.table_oid, number));
        let mut addresses =
            vec![Address { class: PG_CLASS, object: row.table_oid, sub_object: number }];
        addresses.extend(row.default_oid.map(|it| Address::whole(PG_ATTRDEF, it)));
        addresses.extend(sequence.map(|it| Address::whole(PG_CLASS, it.oid)));
        let facts = ColumnFacts {
            name: Ident::new(row.name.as_str()),
            type_oid: row.type_oid,
            collation: row.collation,
        };
        directory.add_column(row.table_oid, row.number, facts);
        let Some(Relation { has_ancestors: Some(has_ancestors), .. }) =
            relations.get(&row.table_oid).copied()
        else {
            // A view is told by its query; its columns only serve its indexes.
            continue;
        };
        let comment = directory.take_comment(addresses[0]);
        let not_null_constraint = not_null(&row, &table, directory, &mut names);
        let read = column(row, table, sequence, directory)?;
        let mut column = Column { comment, not_null_constraint, ..read };
        let id = ObjectId::child(ObjectKind::Column, &column.table, &column.name);
        column.options = directory.documented(column.options, ParameterTarget::Column, &id);
        if has_ancestors && is_only_inherited(&column, directory) {
            let source = directory.schema().column_source(&column.table, &column.name);
            directory.add_addresses(source, addresses);
        } else {
            directory.add(column, addresses);
        }
    }
    Ok(())
}

/// What columns must know of their relation.
#[derive(Debug, Clone, Copy)]
struct Relation {
    /// See [`depth`].
    depth: usize,
    /// Whether its columns may come from elsewhere; none for a view.
    has_ancestors: Option<bool>,
}

fn relation(directory: &Directory, name: &QualifiedName) -> Relation {
    let table = directory.schema().table(name);
    Relation { depth: depth(directory, name), has_ancestors: table.map(Table::has_ancestors) }
}

/// How far a table is from a table that has its columns from nowhere else: what is inherited must
/// be known before it is handed down.
fn depth(directory: &Directory, name: &QualifiedName) -> usize {
    let mut depth = 0;
    let mut parents: Vec<&QualifiedName> = vec![name];
    while !parents.is_empty() {
        let tables = parents.iter().filter_map(|it| directory.schema().table(it));
        parents = tables.flat_map(Table::parents).collect();
        depth += 1;
    }
    depth
}

/// The names of the NOT NULL constraints that children inherit, as the catalog has them.
type NotNullNames = HashMap<(QualifiedName, String), String>;

/// The NOT NULL constraint of a column, and its name where it is neither that of the parent nor made
/// up. Parents have been read by now.
fn not_null(
    row: &ColumnRow,
    table: &QualifiedName,
    directory: &mut Directory,
    names: &mut NotNullNames,
) -> NotNull {
    let (Some(oid), Some(name)) = (row.not_null_oid, &row.not_null_name) else {
        return NotNull::default();
    };
    let of_parent = |parent: &QualifiedName| names.get(&(parent.clone(), row.name.clone()));
    let parents = directory.schema().table(table).into_iter().flat_map(Table::parents);
    let is_usual = match parents.filter_map(of_parent).next() {
        Some(inherited) => inherited == name,
        None => is_generated_name(name, table.name.as_str(), Some(&row.name), NOT_NULL),
    };
    if !row.not_null_no_inherit {
        names.insert((table.clone(), row.name.clone()), name.clone());
    }
    NotNull {
        name: (!is_usual).then(|| Ident::new(name.as_str())),
        no_inherit: row.not_null_no_inherit,
        validated: row.not_null_validated,
        comment: directory.take_comment(Address::whole(PG_CONSTRAINT, oid)),
    }
}

/// Whether a column is just as the parent hands it down.
fn is_only_inherited(column: &Column, directory: &Directory) -> bool {
    let inherited = directory.schema().inherited_column(&column.table, &column.name);
    inherited.is_some_and(|it| Column { position: column.position, ..it } == *column)
}

fn column(
    row: ColumnRow,
    table: QualifiedName,
    sequence: Option<&IdentitySequence>,
    directory: &mut Directory,
) -> Result<Column, CatalogError> {
    // Put together only where something is wrong with the column.
    let owner = &format_args!("{table}.{}", row.name);
    let value = directory.known(value(&row, &table, sequence, owner))?;
    let storage = row.storage.as_deref().map(|it| storage(it, owner)).transpose();
    let compression = row.compression.as_deref().map(|it| compression(it, owner)).transpose();
    Ok(Column {
        position: u32::from(row.number.unsigned_abs()),
        data_type: text::pg_type(&row.data_type)?,
        collation: directory.collation(row.collation, row.type_collation, owner)?,
        not_null: row.not_null,
        not_null_constraint: NotNull::default(),
        value: value.unwrap_or(ColumnValue::None),
        storage: directory.known(storage)?.flatten(),
        compression: directory.known(compression)?.flatten(),
        statistics: row.statistics,
        options: text::parameters(row.options),
        foreign_options: text::options(row.foreign_options),
        inherited: !row.local,
        comment: None,
        name: Ident::new(row.name),
        table,
    })
}

/// `attidentity`, `attgenerated` and the text in `pg_attrdef`. A generated expression stands in
/// parentheses of the grammar, so its own outer ones go; those of a default are part of it.
fn value(
    row: &ColumnRow,
    table: &QualifiedName,
    sequence: Option<&IdentitySequence>,
    owner: &dyn fmt::Display,
) -> Result<ColumnValue, CatalogError> {
    let generated = || {
        let text = row.default_text.as_deref().unwrap_or_default();
        SqlExpr::new(text::without_outer_parentheses(text))
    };
    // A partition counts by the sequence of its parent (since PostgreSQL 17).
    let identity_of_parent = sequence.is_none() && !row.local;
    match (row.identity.as_str(), row.generated.as_str()) {
        ("a" | "d", _) if identity_of_parent => Ok(ColumnValue::None),
        ("", "") => Ok(match &row.default_text {
            Some(text) => ColumnValue::Default(SqlExpr::new(text.as_str())),
            None => ColumnValue::None,
        }),
        ("", "s") => Ok(ColumnValue::Stored(generated())),
        ("", "v") => Ok(ColumnValue::Virtual(generated())),
        ("a" | "d", _) => {
            let sequence = sequence.ok_or_else(|| CatalogError::Dangling {
                what: "the sequence of identity column",
                number: row.number.into(),
                owner: owner.to_string(),
            })?;
            Ok(ColumnValue::Identity(identity(row, table, sequence)))
        }
        ("", other) => Err(unknown("attgenerated", other, owner)),
        (other, _) => Err(unknown("attidentity", other, owner)),
    }
}

fn identity(row: &ColumnRow, table: &QualifiedName, sequence: &IdentitySequence) -> Identity {
    let made_up = object_name(table.name.as_str(), Some(&row.name), "seq");
    let name = Ident::new(sequence.name.as_str());
    Identity {
        always: row.identity == "a",
        sequence_name: (name != made_up).then_some(name),
        options: sequence.options.clone(),
    }
}

fn storage(code: &str, owner: &dyn fmt::Display) -> Result<Storage, CatalogError> {
    match code {
        "p" => Ok(Storage::Plain),
        "e" => Ok(Storage::External),
        "m" => Ok(Storage::Main),
        "x" => Ok(Storage::Extended),
        _ => Err(unknown("attstorage", code, owner)),
    }
}

fn compression(code: &str, owner: &dyn fmt::Display) -> Result<Compression, CatalogError> {
    match code {
        "p" => Ok(Compression::Pglz),
        "l" => Ok(Compression::Lz4),
        _ => Err(unknown("attcompression", code, owner)),
    }
}
