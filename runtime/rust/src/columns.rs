//! Columns as SQL has them.

use std::fmt::Write as _;

/// A column as SQL has it.
#[derive(Debug, Clone, Copy)]
pub struct ColumnInfo {
    /// Quoted where it needs quotes.
    pub name: &'static str,
    /// What fields for it are called.
    pub field: &'static str,
    /// Its type as PostgreSQL prints it.
    pub declared: &'static str,
    /// Whether it has a NOT NULL constraint.
    pub not_null: bool,
    /// The type of parameters for it, without its domain and its length.
    pub ty: &'static str,
    travel: Travel,
}

/// How a column and its parameters are written in SQL, so that the driver and the server use the
/// same type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Travel {
    /// The server infers the type of a parameter.
    Plain,
    /// A domain: the driver has no values for it, but for its base type.
    Base,
    /// A domain over an enum. The server would infer the domain for a parameter that is compared
    /// with it, and has no operator for two of them.
    Compared,
    /// The server converts a text.
    Text,
    /// An array or a record. `unnest` would split an array of arrays into all their elements.
    Whole,
    /// An array or a record that the server converts from another type.
    Via(&'static str),
}

impl ColumnInfo {
    /// A column of this type, as PostgreSQL prints it. Parameters for it have that type without a
    /// length at its end.
    pub const fn new(name: &'static str, declared: &'static str) -> Self {
        ColumnInfo {
            name,
            field: name,
            declared,
            not_null: true,
            ty: without_length(declared),
            travel: Travel::Plain,
        }
    }

    /// Whose fields are called otherwise.
    pub const fn field(mut self, field: &'static str) -> Self {
        self.field = field;
        self
    }

    /// Without a NOT NULL constraint.
    pub const fn nullable(mut self) -> Self {
        self.not_null = false;
        self
    }

    /// Parameters for it have this type.
    pub const fn of_type(self, ty: &'static str) -> Self {
        self.sent(ty, Travel::Plain)
    }

    /// Of a domain over the type `ty`.
    pub const fn base(self, ty: &'static str) -> Self {
        self.sent(ty, Travel::Base)
    }

    /// Of a domain over the enum `ty`.
    pub const fn compared(self, ty: &'static str) -> Self {
        self.sent(ty, Travel::Compared)
    }

    /// Its values are sent as text and converted to `ty`.
    pub const fn text(self, ty: &'static str) -> Self {
        self.sent(ty, Travel::Text)
    }

    /// Of an array or record type `ty`.
    pub const fn whole(self, ty: &'static str) -> Self {
        self.sent(ty, Travel::Whole)
    }

    /// Of an array or record type `ty` whose values are sent as the type `via`.
    pub const fn via(self, via: &'static str, ty: &'static str) -> Self {
        self.sent(ty, Travel::Via(via))
    }

    const fn sent(mut self, ty: &'static str, travel: Travel) -> Self {
        self.ty = ty;
        self.travel = travel;
        self
    }

    /// Its name without quotes.
    pub(super) fn bare_name(&self) -> String {
        match self
            .name
            .strip_prefix('"')
            .and_then(|it| it.strip_suffix('"'))
        {
            Some(quoted) => quoted.replace("\"\"", "\""),
            None => self.name.to_string(),
        }
    }

    /// As it is read.
    pub(super) fn selected(&self) -> String {
        match self.travel {
            Travel::Text => format!("d.{}::text", self.name),
            Travel::Via(via) => format!("d.{}::{via}", self.name),
            _ => format!("d.{}", self.name),
        }
    }

    /// `d.id`, as it is compared.
    pub(super) fn of(&self, alias: &str) -> String {
        let (name, ty) = (self.name, self.ty);
        match self.travel {
            Travel::Compared => format!("{alias}.{name}::{ty}"),
            _ => format!("{alias}.{name}"),
        }
    }

    /// The parameter with a number.
    pub(super) fn parameter(&self, n: usize) -> String {
        let ty = self.ty;
        match self.travel {
            Travel::Plain => format!("${n}"),
            Travel::Base | Travel::Compared | Travel::Whole => format!("${n}::{ty}"),
            Travel::Text => format!("${n}::text::{ty}"),
            Travel::Via(via) => format!("${n}::{via}::{ty}"),
        }
    }

    /// The parameter with a number as an array of values; `None` where there is no such array.
    pub(super) fn parameters(&self, n: usize) -> Option<String> {
        let ty = self.ty;
        match self.travel {
            Travel::Plain | Travel::Base | Travel::Compared => Some(format!("${n}::{ty}[]")),
            Travel::Text => Some(format!("${n}::text[]::{ty}[]")),
            Travel::Whole | Travel::Via(_) => None,
        }
    }

    /// Whether COPY in binary has a value for it.
    pub(super) fn is_copied(&self) -> bool {
        !matches!(self.travel, Travel::Text | Travel::Via(_))
    }
}

/// `character varying(50)` without its length.
const fn without_length(declared: &'static str) -> &'static str {
    let bytes = declared.as_bytes();
    if bytes.is_empty() || bytes[bytes.len() - 1] != b')' {
        return declared;
    }
    let mut end = 0;
    while bytes[end] != b'(' {
        end += 1;
    }
    declared.split_at(end).0
}

/// `d.id = $1`, for all columns of a list; the first parameter has this number.
pub(super) fn matches(columns: &[ColumnInfo], alias: &str, first: usize) -> String {
    let mut sql = String::new();
    for (i, column) in columns.iter().enumerate() {
        let (and, n) = (if i == 0 { "" } else { " AND " }, first + i);
        let (own, value) = (column.of(alias), column.parameter(n));
        let _ = write!(sql, "{and}{own} = {value}");
    }
    sql
}

pub(super) fn names(columns: &[ColumnInfo], alias: &str) -> String {
    let name = |c: &ColumnInfo| format!("{alias}{}", c.name);
    let names: Vec<String> = columns.iter().map(name).collect();
    names.join(", ")
}
