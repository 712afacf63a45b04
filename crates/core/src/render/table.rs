//! CREATE TABLE in all its forms, and the options of foreign tables.

use crate::model::ident::Ident;
use crate::model::options::Options;
use crate::model::table::{Persistence, Table};
use crate::plan::statement::TableDefinition;

use super::definition::{column, constraint, options};
use super::literal;

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
            text.push_str(&format!(" {}", foreign_options(&foreign.options)));
        }
    }
    text
}

/// `OPTIONS (name 'value', …)`.
pub(super) fn foreign_options(options: &Options) -> String {
    let shown =
        options.iter().map(|(name, value)| format!("{} {}", Ident::new(name), literal(value)));
    format!("OPTIONS ({})", shown.collect::<Vec<_>>().join(", "))
}

/// `OPTIONS (ADD name 'value', SET …, DROP …)`.
pub(super) fn altered_foreign_options(from: &Options, to: &Options) -> String {
    let gone = from.iter().filter(|it| to.get(it.0).is_none());
    let mut parts: Vec<String> = gone.map(|it| format!("DROP {}", Ident::new(it.0))).collect();
    for (name, value) in to.iter().filter(|it| from.get(it.0) != Some(it.1)) {
        let word = if from.get(name).is_some() { "SET" } else { "ADD" };
        parts.push(format!("{word} {} {}", Ident::new(name), literal(value)));
    }
    format!("OPTIONS ({})", parts.join(", "))
}
