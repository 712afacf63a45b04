//! A column in the module of its table: declarations, and reading and writing it in SQL.

use super::layout::{documentation, field, fits, generic_constant, part, string};
use super::names;
use super::types::{RustType, Types};
use crate::codegen::blueprint::Field;
use crate::codegen::names::pascal_case;
use crate::codegen::value_type::ValueType;
use crate::model::pg_type::VectorType;

/// What structs of a table are called after its model; a vector's type must not be called the same.
const SUFFIXES: &[&str] = &["Cursor", "Dto", "Full", "Patch", "Ranked"];

/// What stands for a table that is called as its rows are.
const MARKER: &str = "Table";

/// A column in the module of its table.
pub(super) struct ColumnView {
    /// The field.
    pub(super) name: String,
    /// The type without NULL.
    pub(super) rust: RustType,
    /// Whether an insert may leave it out.
    pub(super) optional: bool,
    /// Whether it can be NULL.
    pub(super) nullable: bool,
    /// Whether `new` asks for it.
    pub(super) required: bool,
    pub(super) documentation: String,
    pub(super) declaration: String,
    /// The attribute of a renamed field, in a row and in a response.
    pub(super) rename: String,
    pub(super) wire_rename: String,
    pub(super) wire_declaration: String,
    pub(super) wire_value: String,
    /// As it is written: the type without NULL.
    pub(super) written: String,
    pub(super) column_constant: String,
    /// Whether that says more than the name and the type, by way of `ColumnInfo`.
    pub(super) has_info: bool,
    pub(super) travel: Travel,
    /// Its name, quoted where it needs quotes.
    pub(super) sql_name: String,
    /// The type of parameters for it, without its domain.
    pub(super) bare_type: String,
    /// The type that they have on their way, where that is another.
    via: String,
    /// Its argument in functions that find a row by it.
    pub(super) argument: String,
    pub(super) argument_type: String,
    /// The alias, the kind and the dimensions of its type, where it is a vector that has them.
    pub(super) vector: Option<(String, VectorType, u64)>,
}

/// What is said of a column and its values in SQL, so that the driver and the server mean the same
/// type. `support` has the same kinds, and makes the casts of most statements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Travel {
    /// Values are what the server takes them for.
    Plain,
    /// A domain, for which drivers have no values: the base type has.
    Base,
    /// A domain over an enum. What is compared with it is such a domain to the server, too, which has
    /// no operator for two of them.
    Compared,
    /// What the server makes of a text.
    Text,
    /// An array or a record, of which there are no arrays that can be taken apart again.
    Whole,
    /// An array or a record that the server makes of texts.
    Texts,
    /// An array of a domain, which the server makes of an array of the base type.
    Elements,
}

impl Travel {
    fn of(it: &Field, rust: &RustType) -> Self {
        let base = it.value_type.base();
        let in_domain = matches!(it.value_type, ValueType::Domain(..));
        match (rust.by_text, base) {
            (true, _) if !it.has_array() => Self::Texts,
            (true, _) => Self::Text,
            (false, ValueType::Array(element)) if matches!(**element, ValueType::Domain(..)) => {
                Self::Elements
            }
            (false, _) if !it.has_array() => Self::Whole,
            (false, ValueType::Enum(_)) if in_domain => Self::Compared,
            (false, _) if in_domain => Self::Base,
            (false, _) => Self::Plain,
        }
    }
}

impl ColumnView {
    /// What the runtime is told of it: a method of `ColumnInfo`, and its arguments.
    fn sent(&self, declared: &str) -> Option<(&'static str, Vec<String>)> {
        let mut arguments = vec![string(&self.bare_type)];
        let method = match self.travel {
            Travel::Plain if without_length(declared) == self.bare_type => return None,
            Travel::Plain => "of_type",
            Travel::Base => "base",
            Travel::Compared => "compared",
            Travel::Text => "text",
            Travel::Whole => "whole",
            Travel::Texts | Travel::Elements => {
                arguments.insert(0, string(&self.via));
                "via"
            }
        };
        Some((method, arguments))
    }
}

/// The type of parameters for a column, if nothing else is said of it.
fn without_length(declared: &str) -> &str {
    match declared.ends_with(')') {
        true => declared.split('(').next().unwrap_or(declared),
        false => declared,
    }
}

pub(super) fn view(types: &Types<'_>, model: &str, it: &Field) -> ColumnView {
    let mut rust = types.of_field(it);
    let vector = alias(model, it).filter(|_| it.hints.rust_type.is_none());
    if let Some((alias, ..)) = &vector {
        rust.text.clone_from(alias);
    }
    let of = rust.text.clone();
    let option = format!("Option<{of}>");
    let held = if it.nullable { option.clone() } else { of.clone() };
    let name = names::field(&it.name);
    let sql_name = it.column.name.to_string();
    let travel = Travel::of(it, &rust);
    let (wire, wire_value) = wire(it, &name, &held);
    let (bare_type, via) = parameter_types(it, travel);
    let mut view = ColumnView {
        optional: it.has_default,
        nullable: it.nullable,
        required: !it.has_default && !it.nullable,
        documentation: documentation(8, "", it.column.comment.as_deref()),
        declaration: field(8, &name, &held),
        rename: rename(8, &name, &it.name),
        wire_rename: rename(4, &name, &it.name),
        wire_declaration: field(4, &name, &wire),
        wire_value,
        written: part(8, &name, &of),
        column_constant: String::new(),
        has_info: false,
        travel,
        bare_type,
        via,
        argument: names::argument(&it.name),
        argument_type: argument_type(&rust),
        name,
        rust,
        sql_name,
        vector,
    };
    let told = told(it, &view);
    view.has_info = !told.is_empty();
    view.column_constant = column_constant(it, &of, &view, &told);
    view
}

/// The type of parameters for a column, and the type that they have on their way, where that is another.
fn parameter_types(it: &Field, travel: Travel) -> (String, String) {
    match travel {
        Travel::Texts if matches!(it.value_type.base(), ValueType::Array(_)) => {
            (it.bare_type.clone(), "text[]".to_owned())
        }
        Travel::Texts => (it.bare_type.clone(), "text".to_owned()),
        Travel::Elements => (it.column.data_type.to_string(), it.bare_type.clone()),
        Travel::Plain | Travel::Base | Travel::Compared | Travel::Text | Travel::Whole => {
            (it.bare_type.clone(), String::new())
        }
    }
}

/// `DocumentEmbedding`
pub(super) fn alias(model: &str, it: &Field) -> Option<(String, VectorType, u64)> {
    let ValueType::Vector(kind, Some(dimensions)) = it.value_type.base() else { return None };
    let own = pascal_case(&it.name);
    let taken = SUFFIXES.contains(&own.as_str()) || own == MARKER;
    let alias = if taken { format!("{model}{own}Vector") } else { format!("{model}{own}") };
    Some((alias, *kind, *dimensions))
}

/// What goes over the wire is the value, but a vector as plain numbers.
fn wire(it: &Field, name: &str, held: &str) -> (String, String) {
    let value = format!("row.{name}");
    let (ValueType::Vector(kind, dimensions), None) = (it.value_type.base(), &it.hints.rust_type)
    else {
        return (held.to_owned(), value);
    };
    let numbers = match (kind, dimensions) {
        (VectorType::Halfvec, None) => "to_vec().into_iter().map(f32::from).collect()",
        (_, None) => "to_vec()",
        (_, Some(_)) => "into_vec()",
    };
    match it.nullable {
        false => ("Vec<f32>".to_owned(), format!("{value}.{numbers}")),
        true => ("Option<Vec<f32>>".to_owned(), format!("{value}.map(|vector| vector.{numbers})")),
    }
}

/// A renamed field keeps the name of its column when it is serialized.
fn rename(indent: usize, name: &str, own: &str) -> String {
    if name.trim_start_matches("r#") == own {
        return String::new();
    }
    format!("{}#[serde(rename = {})]\n", " ".repeat(indent), string(own))
}

/// What the runtime is told of a column beside its name and its type, as calls.
fn told(it: &Field, view: &ColumnView) -> Vec<String> {
    let bare = view.name.trim_start_matches("r#");
    let mut calls = Vec::new();
    calls.extend((bare != view.sql_name).then(|| ("field", vec![string(bare)])));
    calls.extend(view.sent(&it.column.data_type.to_string()));
    calls.extend((!it.nullable && !it.column.not_null).then(|| ("nullable", Vec::new())));
    let call =
        |(method, arguments): (&str, Vec<String>)| format!(".{method}({})", arguments.join(", "));
    calls.into_iter().map(call).collect()
}

/// The constant of a column, which has all that is known of it. That of a `tsvector`, which filters
/// cannot have, is private to the module of the table.
fn column_constant(it: &Field, of: &str, view: &ColumnView, told: &[String]) -> String {
    let visible = if it.value_type.is_tsvector() { "pub(super)" } else { "pub" };
    let head = format!("{visible} const {}: Column", names::constant(&it.name));
    let mut parameters = vec!["This", of];
    parameters.extend(it.nullable.then_some("support::Nullable"));
    let declared = it.column.data_type.to_string();
    let known = format!("({}, {})", string(&view.sql_name), string(&declared));
    let value = match told.concat() {
        none if none.is_empty() => format!("Column::new{known}"),
        line if fits(8, &format!("Column::of(ColumnInfo::new{known}{line});")) => {
            format!("Column::of(ColumnInfo::new{known}{line})")
        }
        _ => {
            let gap = format!("\n{}", " ".repeat(16));
            let lines = told.iter().map(|it| format!("{gap}{it}")).collect::<String>();
            format!("Column::of(\n            ColumnInfo::new{known}{lines}\n        )")
        }
    };
    generic_constant(4, &head, &parameters, &value)
}

/// Small values go by value, texts as `&str`, the rest by reference.
fn argument_type(rust: &RustType) -> String {
    match (rust.copy, rust.text.as_str()) {
        (true, text) => text.to_owned(),
        (false, "String") => "&str".to_owned(),
        (false, text) => format!("&{text}"),
    }
}
