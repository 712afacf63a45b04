//! A column in the module of its table: declarations, and reading and writing it in SQL.

use super::layout::{documentation, field, generic_constant, string, tuple};
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

    /// Whether COPY in binary has a value for it.
    pub(super) fn is_copied(self) -> bool {
        !matches!(self, Self::Text | Self::Texts | Self::Elements)
    }
}

impl ColumnView {
    /// As it is read.
    pub(super) fn selected(&self) -> String {
        let read = match self.travel {
            Travel::Text => "::text".to_owned(),
            Travel::Texts | Travel::Elements => format!("::{}", self.via),
            Travel::Plain | Travel::Base | Travel::Compared | Travel::Whole => String::new(),
        };
        format!("d.{}{read}", self.sql_name)
    }

    /// As it is compared.
    pub(super) fn compared(&self) -> String {
        match self.travel {
            Travel::Compared => format!("d.{}::{}", self.sql_name, self.bare_type),
            Travel::Plain
            | Travel::Base
            | Travel::Text
            | Travel::Whole
            | Travel::Texts
            | Travel::Elements => format!("d.{}", self.sql_name),
        }
    }

    /// What follows a parameter for it.
    pub(super) fn cast(&self) -> String {
        let own = &self.bare_type;
        match self.travel {
            Travel::Plain => String::new(),
            Travel::Base | Travel::Compared | Travel::Whole => format!("::{own}"),
            Travel::Text => format!("::text::{own}"),
            Travel::Texts | Travel::Elements => format!("::{}::{own}", self.via),
        }
    }

    /// What tells `support` of it: the function, and its arguments.
    fn info(&self) -> (&'static str, Vec<String>) {
        let mut arguments = vec![string(&self.sql_name), string(&self.bare_type)];
        let function = match self.travel {
            Travel::Plain => "ColumnInfo::new",
            Travel::Base => "ColumnInfo::base",
            Travel::Compared => "ColumnInfo::compared",
            Travel::Text => "ColumnInfo::text",
            Travel::Whole => "ColumnInfo::whole",
            Travel::Texts | Travel::Elements => {
                arguments.insert(0, string(&self.via));
                "ColumnInfo::via"
            }
        };
        (function, arguments)
    }

    /// As an element of an array that is not indented.
    pub(super) fn info_element(&self) -> String {
        let (function, arguments) = self.info();
        format!("{function}{}", tuple(4, &arguments))
    }
}

pub(super) fn view(types: &Types<'_>, model: &str, it: &Field, place: usize) -> ColumnView {
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
    let new = match (it.has_default, it.nullable) {
        (true, true) => format!("Option<{option}>"),
        (true, false) => option.clone(),
        (false, _) => held.clone(),
    };
    let (wire, wire_value) = wire(it, &name, &held);
    let (bare_type, via) = parameter_types(it, travel);
    let mut view = ColumnView {
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
        column_constant: String::new(),
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
    view.column_constant = column_constant(it, &of, &view);
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
fn rename(name: &str, own: &str) -> String {
    if name.trim_start_matches("r#") == own {
        return String::new();
    }
    format!("    #[serde(rename = {})]\n", string(own))
}

fn column_constant(it: &Field, of: &str, view: &ColumnView) -> String {
    let mut parameters = vec!["This", of];
    parameters.extend(it.nullable.then_some("support::Nullable"));
    let value = match view.travel {
        Travel::Plain => format!("Column::new({})", string(&view.sql_name)),
        Travel::Base
        | Travel::Compared
        | Travel::Text
        | Travel::Whole
        | Travel::Texts
        | Travel::Elements => {
            let (function, arguments) = view.info();
            format!("Column::of({function}({}))", arguments.join(", "))
        }
    };
    generic_constant(
        4,
        &format!("pub const {}: Column", names::constant(&it.name)),
        &parameters,
        &value,
    )
}

/// Small values go by value, texts as `&str`, the rest by reference.
fn argument_type(rust: &RustType) -> String {
    match (rust.copy, rust.text.as_str()) {
        (true, text) => text.to_owned(),
        (false, "String") => "&str".to_owned(),
        (false, text) => format!("&{text}"),
    }
}
