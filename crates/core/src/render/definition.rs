//! The parts of definitions: columns, constraints, indexes, options.

use std::fmt::Display;

use crate::model::column::{Column, ColumnValue, Compression, Identity, Storage};
use crate::model::constraint::{Action, Constraint, ConstraintRule, ForeignKey, Key, Timing};
use crate::model::ident::{Ident, QualifiedName};
use crate::model::index::{Index, IndexKey, IndexValue, OperatorClass};
use crate::model::not_null::NotNull;
use crate::model::options::Options;
use crate::model::sequence::SequenceOptions;

use crate::plan::statement::NotNullAction;

use super::foreign;
use super::literal;

/// `name type …`, as in CREATE TABLE and ADD COLUMN.
pub(super) fn column(column: &Column) -> String {
    let mut parts = vec![column.name.to_string(), column.data_type.to_string()];
    if !column.foreign_options.is_empty() {
        parts.push(foreign::options(&column.foreign_options));
    }
    parts.extend(column.compression.map(|it| format!("COMPRESSION {}", compression(it))));
    parts.extend(column.collation.as_ref().map(|it| format!("COLLATE {it}")));
    match &column.value {
        ColumnValue::None => {}
        ColumnValue::Default(expression) => parts.push(format!("DEFAULT {expression}")),
        ColumnValue::Identity(it) => parts.push(identity(it, &column.table)),
        ColumnValue::Stored(it) => parts.push(format!("GENERATED ALWAYS AS ({it}) STORED")),
        ColumnValue::Virtual(it) => parts.push(format!("GENERATED ALWAYS AS ({it}) VIRTUAL")),
    }
    // NOT VALID is said once the column is there.
    if column.not_null && column.not_null_constraint.validated {
        parts.push(not_null(&column.not_null_constraint));
    }
    parts.join(" ")
}

/// `CONSTRAINT name NOT NULL`, as part of a column or domain.
pub(super) fn not_null(constraint: &NotNull) -> String {
    let name = constraint.name.as_ref().map(|it| format!("CONSTRAINT {it} ")).unwrap_or_default();
    let inherit = if constraint.no_inherit { " NO INHERIT" } else { "" };
    format!("{name}NOT NULL{inherit}")
}

/// `ADD CONSTRAINT name NOT NULL column` and its like.
pub(super) fn not_null_action(column: &Ident, action: &NotNullAction) -> String {
    match action {
        NotNullAction::Add(it) => {
            let name = it.name.as_ref().map(|it| format!("CONSTRAINT {it} ")).unwrap_or_default();
            let inherit = if it.no_inherit { " NO INHERIT" } else { "" };
            let valid = if it.validated { "" } else { " NOT VALID" };
            format!("ADD {name}NOT NULL {column}{inherit}{valid}")
        }
        NotNullAction::Validate(name) => format!("VALIDATE CONSTRAINT {name}"),
        NotNullAction::SetInherit { name, inherit } => {
            let no = if *inherit { "" } else { "NO " };
            format!("ALTER CONSTRAINT {name} {no}INHERIT")
        }
    }
}

/// `ALWAYS` or `BY DEFAULT`.
pub(super) fn when(identity: &Identity) -> &'static str {
    if identity.always { "ALWAYS" } else { "BY DEFAULT" }
}

/// `GENERATED … AS IDENTITY (…)`, in a definition or after ADD in ALTER COLUMN.
pub(super) fn identity(identity: &Identity, table: &QualifiedName) -> String {
    let mut options = Vec::new();
    if let Some(name) = &identity.sequence_name {
        options.push(format!("SEQUENCE NAME {}", table.sibling(name.clone())));
    }
    options.extend(created_sequence_options(&identity.options));
    let options =
        if options.is_empty() { String::new() } else { format!(" ({})", options.join(" ")) };
    format!("GENERATED {} AS IDENTITY{options}", when(identity))
}

/// What CREATE SEQUENCE must be told beside the type: what differs from what it fills in.
pub(super) fn created_sequence_options(options: &SequenceOptions) -> Vec<String> {
    let mut usual = SequenceOptions::with_increment(options.data_type.clone(), options.increment);
    // START follows the bound it begins at, when that is given.
    usual.start = if options.increment < 0 { options.max } else { options.min };
    usual.increment = 1;
    sequence_options(&usual, options)
}

/// The clauses for every option that differs, but the type.
pub(super) fn sequence_options(from: &SequenceOptions, to: &SequenceOptions) -> Vec<String> {
    let mut clauses = Vec::new();
    let mut number = |word: &str, before: i64, after: i64| {
        if before != after {
            clauses.push(format!("{word} {after}"));
        }
    };
    number("INCREMENT BY", from.increment, to.increment);
    number("MINVALUE", from.min, to.min);
    number("MAXVALUE", from.max, to.max);
    number("START WITH", from.start, to.start);
    number("CACHE", from.cache, to.cache);
    if from.cycle != to.cycle {
        clauses.push(if to.cycle { "CYCLE" } else { "NO CYCLE" }.to_owned());
    }
    clauses
}

/// The compression method as SQL.
pub(super) fn compression(method: Compression) -> &'static str {
    match method {
        Compression::Pglz => "pglz",
        Compression::Lz4 => "lz4",
    }
}

/// The TOAST strategy as SQL.
pub(super) fn storage(storage: Storage) -> &'static str {
    match storage {
        Storage::Plain => "PLAIN",
        Storage::External => "EXTERNAL",
        Storage::Main => "MAIN",
        Storage::Extended => "EXTENDED",
    }
}

/// `CONSTRAINT name …`, without NOT VALID.
pub(super) fn constraint(constraint: &Constraint) -> String {
    let rule = match &constraint.rule {
        ConstraintRule::PrimaryKey(it) => format!("PRIMARY KEY {}", key(it)),
        ConstraintRule::Unique(it) => {
            let nulls = if it.nulls_not_distinct { "NULLS NOT DISTINCT " } else { "" };
            format!("UNIQUE {nulls}{}", key(it))
        }
        ConstraintRule::ForeignKey(it) => foreign_key(it),
        ConstraintRule::Check { expression, no_inherit } => {
            let inherit = if *no_inherit { " NO INHERIT" } else { "" };
            format!("CHECK ({expression}){inherit}")
        }
        ConstraintRule::Exclude { definition } => definition.clone(),
    };
    let enforced = if constraint.enforced { "" } else { " NOT ENFORCED" };
    format!("CONSTRAINT {} {rule}{}{enforced}", constraint.name, timing(constraint.timing))
}

/// ALTER TABLE … ADD CONSTRAINT … USING INDEX.
pub(super) fn constraint_using(constraint: &Constraint, index: &Ident) -> String {
    let rule = match constraint.rule {
        ConstraintRule::PrimaryKey(_) => "PRIMARY KEY",
        ConstraintRule::Unique(_)
        | ConstraintRule::ForeignKey(_)
        | ConstraintRule::Check { .. }
        | ConstraintRule::Exclude { .. } => "UNIQUE",
    };
    format!(
        "ALTER TABLE {} ADD CONSTRAINT {} {rule} USING INDEX {index}{}",
        constraint.table,
        constraint.name,
        timing(constraint.timing)
    )
}

fn key(key: &Key) -> String {
    let mut text = parenthesized(&key.columns);
    if key.without_overlaps {
        text.insert_str(text.len() - 1, " WITHOUT OVERLAPS");
    }
    if !key.include.is_empty() {
        text.push_str(&format!(" INCLUDE {}", parenthesized(&key.include)));
    }
    if !key.options.is_empty() {
        text.push_str(&format!(" WITH {}", options(&key.options)));
    }
    text
}

fn foreign_key(key: &ForeignKey) -> String {
    let mut text = format!(
        "FOREIGN KEY {} REFERENCES {} {}",
        key_columns(&key.columns, key.period),
        key.references,
        key_columns(&key.referenced_columns, key.period)
    );
    if key.match_full {
        text.push_str(" MATCH FULL");
    }
    if key.on_update != Action::NoAction {
        text.push_str(&format!(" ON UPDATE {}", key.on_update.sql()));
    }
    if key.on_delete != Action::NoAction {
        text.push_str(&format!(" ON DELETE {}", key.on_delete.sql()));
        if !key.on_delete_columns.is_empty() {
            text.push_str(&format!(" {}", parenthesized(&key.on_delete_columns)));
        }
    }
    text
}

/// The columns of one side, the last of them with PERIOD where it is a time.
fn key_columns(columns: &[Ident], period: bool) -> String {
    match columns.split_last() {
        Some((last, others)) if period => {
            let others: String = others.iter().map(|it| format!("{it}, ")).collect();
            format!("({others}PERIOD {last})")
        }
        _ => parenthesized(columns),
    }
}

/// The words that follow a constraint.
fn timing(timing: Timing) -> &'static str {
    match timing {
        Timing::NotDeferrable => "",
        Timing::Deferrable => " DEFERRABLE",
        Timing::Deferred => " DEFERRABLE INITIALLY DEFERRED",
    }
}

/// `USING method (keys) INCLUDE … WITH … WHERE …`.
pub(super) fn index_body(index: &Index) -> String {
    let keys: Vec<String> = index.keys.iter().map(index_key).collect();
    let mut text = format!("USING {} ({})", index.method, keys.join(", "));
    if !index.include.is_empty() {
        text.push_str(&format!(" INCLUDE {}", parenthesized(&index.include)));
    }
    if index.nulls_not_distinct {
        text.push_str(" NULLS NOT DISTINCT");
    }
    if !index.options.is_empty() {
        text.push_str(&format!(" WITH {}", options(&index.options)));
    }
    if let Some(predicate) = &index.predicate {
        text.push_str(&format!(" WHERE {predicate}"));
    }
    text
}

fn index_key(key: &IndexKey) -> String {
    let mut parts = vec![match &key.value {
        IndexValue::Column(name) => name.to_string(),
        IndexValue::Expression(expression) => format!("({expression})"),
    }];
    parts.extend(key.collation.as_ref().map(|it| format!("COLLATE {it}")));
    parts.extend(key.opclass.as_ref().map(operator_class));
    if key.descending {
        parts.push("DESC".to_owned());
    }
    if key.nulls_first != key.descending {
        parts.push(if key.nulls_first { "NULLS FIRST" } else { "NULLS LAST" }.to_owned());
    }
    parts.join(" ")
}

fn operator_class(class: &OperatorClass) -> String {
    let namespace = class.namespace.as_ref().map(|it| format!("{it}.")).unwrap_or_default();
    let parameters = if class.parameters.is_empty() {
        String::new()
    } else {
        format!(" {}", options(&class.parameters))
    };
    format!("{namespace}{}{parameters}", class.name)
}

/// `(name = value, …)`. Values that are no plain words or numbers are quoted.
pub(super) fn options(options: &Options) -> String {
    let shown = options
        .iter()
        .map(|(name, value)| format!("{} = {}", option_name(name), option_value(value)));
    format!("({})", shown.collect::<Vec<_>>().join(", "))
}

/// The name of a storage parameter, with its prefix `toast.`.
pub(super) fn option_name(name: &str) -> String {
    let parts: Vec<String> = name.split('.').map(|it| Ident::new(it).to_string()).collect();
    parts.join(".")
}

fn option_value(value: &str) -> String {
    let digits = value.strip_prefix('-').unwrap_or(value);
    let number = !digits.is_empty()
        && digits.bytes().all(|it| it.is_ascii_digit() || it == b'.')
        && digits.bytes().next().is_some_and(|it| it.is_ascii_digit());
    let plain = number || matches!(value, "true" | "false" | "on" | "off" | "auto" | "none");
    if plain { value.to_owned() } else { literal(value) }
}

/// `(a, b)`.
pub(super) fn parenthesized<T: Display>(items: &[T]) -> String {
    let items: Vec<String> = items.iter().map(ToString::to_string).collect();
    format!("({})", items.join(", "))
}
