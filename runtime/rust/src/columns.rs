//! Columns as SQL has them.

use std::fmt::Write as _;

/// A column as SQL has it.
#[derive(Debug, Clone, Copy)]
pub struct ColumnInfo {
    /// Quoted where it needs quotes.
    pub name: &'static str,
    /// The type of parameters for it, without its domain; empty where the server knows it.
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
    /// A column whose type the server infers for parameters, or takes from `ty`.
    pub const fn new(name: &'static str, ty: &'static str) -> Self {
        let travel = Travel::Plain;
        ColumnInfo { name, ty, travel }
    }

    /// A column of a domain over the type `ty`.
    pub const fn base(name: &'static str, ty: &'static str) -> Self {
        let travel = Travel::Base;
        ColumnInfo { name, ty, travel }
    }

    /// A column of a domain over the enum `ty`.
    pub const fn compared(name: &'static str, ty: &'static str) -> Self {
        let travel = Travel::Compared;
        ColumnInfo { name, ty, travel }
    }

    /// A column whose values are sent as text and converted to `ty`.
    pub const fn text(name: &'static str, ty: &'static str) -> Self {
        let travel = Travel::Text;
        ColumnInfo { name, ty, travel }
    }

    /// A column of an array or record type `ty`.
    pub const fn whole(name: &'static str, ty: &'static str) -> Self {
        let travel = Travel::Whole;
        ColumnInfo { name, ty, travel }
    }

    /// A column of an array or record type `ty` whose values are sent as the type `via`.
    pub const fn via(via: &'static str, name: &'static str, ty: &'static str) -> Self {
        let travel = Travel::Via(via);
        ColumnInfo { name, ty, travel }
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
            Travel::Plain if ty.is_empty() => Some(format!("${n}")),
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
