//! CREATE TABLE in all its forms, and the options of foreign tables.

use crate::model::table::{Persistence, Table};
use crate::plan::statement::TableDefinition;

use super::definition::{column, constraint, options};
use super::foreign;

/// CREATE TABLE, CREATE FOREIGN TABLE.
pub(super) fn create(definition: &TableDefinition) -> String {
    let table = &definition.table;
    let kind = match (table.persistence, &table.foreign) {
        (_, Some(_)) => "FOREIGN TABLE",
        (Persistence::Permanent, None) => "TABLE",
        (Persistence::Unlogged, None) => "UNLOGGED TABLE",
    };
    let mut text = format!("CREATE {kind} {}{}", table.name, origin(table));
    let lines: Vec<String> = definition
        .columns
        .iter()
        .map(column)
        .chain(
            definition
                .not_nulls
                .iter()
                .map(|(column, name)| format!("CONSTRAINT {name} NOT NULL {column}")),
        )
        .chain(definition.constraints.iter().map(constraint))
        .map(|it| format!("    {it}"))
        .collect();
    let needs_body = table.partition_of.is_none() && table.of_type.is_none();
    if !lines.is_empty() {
        text.push_str(&format!(" (\n{}\n)", lines.join(",\n")));
    } else if needs_body {
        text.push_str(" ()");
    }
    if !table.inherits.is_empty() {
        let parents: Vec<String> = table.inherits.iter().map(ToString::to_string).collect();
        text.push_str(&format!(" INHERITS ({})", parents.join(", ")));
    }
    text.push_str(&place(table));
    text
}

/// OF, PARTITION OF.
fn origin(table: &Table) -> String {
    match (&table.partition_of, &table.of_type) {
        (Some(link), _) => format!(" PARTITION OF {}", link.parent),
        (None, Some(of_type)) => format!(" OF {of_type}"),
        (None, None) => String::new(),
    }
}

/// The bound, the partition key, the access method, storage parameters, the server.
fn place(table: &Table) -> String {
    let mut text = String::new();
    if let Some(link) = &table.partition_of {
        text.push_str(&format!(" {}", link.bound));
    }
    if let Some(key) = &table.partition_by {
        text.push_str(&format!(" PARTITION BY {key}"));
    }
    if let Some(method) = &table.access_method {
        text.push_str(&format!(" USING {method}"));
    }
    if !table.options.is_empty() {
        text.push_str(&format!(" WITH {}", options(&table.options)));
    }
    if let Some(foreign) = &table.foreign {
        text.push_str(&format!(" SERVER {}", foreign.server));
        if !foreign.options.is_empty() {
            text.push_str(&format!(" {}", foreign::options(&foreign.options)));
        }
    }
    text
}
