//! One column as the module of its table has it: declarations, and how SQL reads and writes it.

use super::layout::{documentation, field, generic_constant, string};
use super::names;
use super::types::{RustType, Types};
use crate::codegen::blueprint::Field;
use crate::codegen::names::pascal_case;
use crate::codegen::value_type::ValueType;
use crate::model::pg_type::{PgType, VectorType};

/// What structs of a table are called after its model; a vector's type must not be called the same.
const SUFFIXES: &[&str] = &["Cursor", "Dto", "Full", "Patch", "Ranked"];

/// A column in the module of its table.
pub(super) struct ColumnView {
    /// The field.
    pub(super) name: String,
    /// The type without NULL.
    pub(super) rust: RustType,
    /// Its place among the columns that can be written.
    pub(super) place: usize,
    /// Whether an insert may leave it out.
    pub(super) optional: bool,
    /// Whether `new` asks for it.
    pub(super) required: bool,
    pub(super) documentation: String,
    pub(super) declaration: String,
    pub(super) rename: String,
    pub(super) wire_declaration: String,
    pub(super) wire_value: String,
    pub(super) new_declaration: String,
    pub(super) patch_declaration: String,
    pub(super) column_constant: String,
    /// `d.price::text`
    pub(super) selected: String,
    /// What follows a parameter for it.
    pub(super) cast: String,
    /// Its name, quoted where it needs quotes.
    pub(super) sql_name: String,
    /// What follows the parameter for an array of its values.
    pub(super) array_cast: String,
    /// Its argument in functions that find a row by it.
    pub(super) argument: String,
    pub(super) argument_type: String,
    /// The alias and the dimensions of its type, where it is a vector that has them.
    pub(super) vector: Option<(String, u64)>,
}

impl ColumnView {
    /// Whether COPY in binary has a value for it.
    pub(super) fn copyable(&self) -> bool {
        !self.rust.by_text && !self.cast.ends_with("[]")
    }
}

pub(super) fn view(types: &Types<'_>, model: &str, it: &Field, place: usize) -> ColumnView {
    let mut rust = types.of_field(it);
    let vector = alias(model, it).filter(|_| it.hints.rust_type.is_none());
    if let Some((alias, _)) = &vector {
        rust.text.clone_from(alias);
    }
    let of = rust.text.clone();
    let option = format!("Option<{of}>");
    let held = if it.nullable { option.clone() } else { of.clone() };
    let name = names::field(&it.name);
    let sql_name = it.column.name.to_string();
    let cast = cast(it, &rust);
    let new = match (it.has_default, it.nullable) {
        (true, true) => format!("Option<{option}>"),
        (true, false) => option.clone(),
        (false, _) => held.clone(),
    };
    let (wire, wire_value) = wire(it, &name, &held);
    ColumnView {
        place,
        optional: it.has_default,
        required: !it.has_default && !it.nullable,
        documentation: documentation(4, "", it.column.comment.as_deref()),
        declaration: field(&name, &held),
        rename: rename(&name, &it.name),
        wire_declaration: field(&name, &wire),
        wire_value,
        new_declaration: field(&name, &new),
        patch_declaration: field(&name, &format!("Option<{held}>")),
        column_constant: column_constant(it, &of, &sql_name, &cast),
        selected: selected(it, &rust, &sql_name),
        array_cast: array_cast(it, &rust),
        argument: names::argument(&it.name),
        argument_type: argument_type(&rust),
        name,
        rust,
        cast,
        sql_name,
        vector,
    }
}

/// `DocumentEmbedding`
fn alias(model: &str, it: &Field) -> Option<(String, u64)> {
    let ValueType::Vector(_, Some(dimensions)) = it.value_type.base() else { return None };
    let own = pascal_case(&it.name);
    let taken = SUFFIXES.contains(&own.as_str());
    let alias = if taken { format!("{model}{own}Vector") } else { format!("{model}{own}") };
    Some((alias, *dimensions))
}

/// What goes over the wire is the value, but a vector as plain numbers.
fn wire(it: &Field, name: &str, held: &str) -> (String, String) {
    let value = format!("row.{name}");
    let ValueType::Vector(kind, dimensions) = it.value_type.base() else {
        return (held.to_owned(), value);
    };
    let numbers = match (kind, dimensions) {
        (VectorType::Halfvec, None) => "to_vec().into_iter().map(f32::from).collect()",
        _ => "to_vec()",
    };
    match it.nullable {
        false => ("Vec<f32>".to_owned(), format!("{value}.{numbers}")),
        true => ("Option<Vec<f32>>".to_owned(), format!("{value}.map(|vector| vector.{numbers})")),
    }
}

/// The name of a field that had to step aside stays what it was on the wire.
fn rename(name: &str, own: &str) -> String {
    if name.trim_start_matches("r#") == own {
        return String::new();
    }
    format!("    #[serde(rename = {})]\n", string(own))
}

fn column_constant(it: &Field, of: &str, sql_name: &str, cast: &str) -> String {
    let mut parameters = vec!["This", of];
    parameters.extend(it.nullable.then_some("support::Nullable"));
    let value = match cast {
        "" => format!("Column::new({})", string(sql_name)),
        cast => format!("Column::cast({}, {})", string(sql_name), string(cast)),
    };
    generic_constant(
        4,
        &format!("pub const {}: Column", names::constant(&it.name)),
        &parameters,
        &value,
    )
}

/// The type of the column without its modifier, as a cast has it.
fn own_type(it: &Field) -> String {
    match (&it.value_type, it.value_type.base()) {
        (ValueType::Text(_) | ValueType::Composite(_), _) => {
            PgType { modifier: None, ..it.column.data_type.clone() }.to_string()
        }
        (ValueType::Array(element), _) if matches!(**element, ValueType::Text(_)) => {
            PgType { modifier: None, ..it.column.data_type.clone() }.to_string()
        }
        (_, base) => base.sql(),
    }
}

fn is_array(it: &Field) -> bool {
    matches!(it.value_type.base(), ValueType::Array(_))
}

/// Whether elements of the array are of a domain, for which drivers have no values.
fn has_domain_elements(it: &Field) -> bool {
    let ValueType::Array(element) = it.value_type.base() else { return false };
    matches!(**element, ValueType::Domain(..))
}

/// What follows a parameter: values that travel as text are converted by the server, and a domain
/// gets a value of its base type.
fn cast(it: &Field, rust: &RustType) -> String {
    let own = own_type(it);
    let domain = matches!(it.value_type, ValueType::Domain(..)) || has_domain_elements(it);
    match (rust.by_text, is_array(it), domain) {
        (true, false, _) => format!("::text::{own}"),
        (true, true, _) => format!("::text[]::{own}"),
        (false, true, _) if has_domain_elements(it) => {
            format!("::{own}::{}", it.column.data_type)
        }
        (false, _, true) => format!("::{own}"),
        (false, _, false) => String::new(),
    }
}

fn selected(it: &Field, rust: &RustType, sql_name: &str) -> String {
    match (rust.by_text, is_array(it)) {
        (true, false) => format!("d.{sql_name}::text"),
        (true, true) => format!("d.{sql_name}::text[]"),
        (false, true) if has_domain_elements(it) => format!("d.{sql_name}::{}", own_type(it)),
        (false, _) => format!("d.{sql_name}"),
    }
}

fn array_cast(it: &Field, rust: &RustType) -> String {
    let own = own_type(it);
    if rust.by_text { format!("::text[]::{own}[]") } else { format!("::{own}[]") }
}

/// Small values go by value, texts as `&str`, the rest by reference.
fn argument_type(rust: &RustType) -> String {
    match (rust.copy, rust.text.as_str()) {
        (true, text) => text.to_owned(),
        (false, "String") => "&str".to_owned(),
        (false, text) => format!("&{text}"),
    }
}
