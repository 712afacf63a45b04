//! The Rust types of values.

use std::collections::BTreeSet;

use super::{RustSettings, names};
use crate::codegen::blueprint::{Blueprint, Field};
use crate::codegen::value_type::{Builtin, RangeOf, ValueType};
use crate::model::pg_type::VectorType;

/// Decimal digits that `rust_decimal` keeps exactly; it rounds what is longer without a word.
const DECIMAL_DIGITS: u32 = 28;

/// A type in Rust, and how its values travel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RustType {
    /// As it is written.
    pub(super) text: String,
    /// Whether values go through their text, converted by the server.
    pub(super) by_text: bool,
    /// Whether it is `Copy`, and so an argument by value.
    pub(super) copy: bool,
    /// Whether it has `Eq` and `Hash`, as far as is known.
    pub(super) float: bool,
}

/// Crates that code needs, by what it uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Crate {
    Chrono,
    Cidr,
    Eui48,
    GeoTypes,
    Half,
    Jiff,
    Pgvector,
    RustDecimal,
    SerdeJson,
    Time,
    Uuid,
}

/// Which crate has dates and times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DateTime {
    /// `chrono`.
    #[default]
    Chrono,
    /// `time`.
    Time,
    /// `jiff`.
    Jiff,
}

/// Names the types of a blueprint.
pub(super) struct Types<'b> {
    pub(super) blueprint: &'b Blueprint,
    pub(super) settings: &'b RustSettings,
}

impl<'b> Types<'b> {
    pub(super) fn new(blueprint: &'b Blueprint, settings: &'b RustSettings) -> Self {
        Self { blueprint, settings }
    }

    /// The type of a field without its NULL; the declaration can say another.
    pub(super) fn of_field(&self, field: &Field) -> RustType {
        let own = self.of(&field.value_type);
        let null_elements = field.hints.null_elements;
        match (&field.hints.rust_type, &field.value_type) {
            (Some(text), _) => {
                // A type of the user's own travels as what the driver knows; text as text.
                let texts =
                    matches!(text.as_str(), "String" | "Vec<String>" | "Vec<Option<String>>");
                let by_text = texts && own.text != *text;
                let by_text = by_text || (own.by_text && texts);
                RustType { text: text.clone(), by_text, copy: false, float: false }
            }
            (None, ValueType::Array(element)) if null_elements => {
                let element = self.of(element);
                RustType { text: format!("Vec<Option<{}>>", element.text), ..own }
            }
            _ => own,
        }
    }

    pub(super) fn of(&self, value_type: &ValueType) -> RustType {
        match value_type {
            ValueType::Builtin(it) => self.builtin(*it),
            ValueType::Numeric(Some((precision, scale))) if is_decimal(*precision, *scale) => {
                copied("rust_decimal::Decimal")
            }
            ValueType::Numeric(_) => by_text("support::Numeric"),
            ValueType::Bit(n) => plain(format!("support::Bits<{n}>")),
            ValueType::Vector(kind, dimensions) => vector(*kind, *dimensions),
            ValueType::Range(of) => self.range(*of),
            ValueType::Enum(name) => {
                let it = self.blueprint.enum_of(name);
                RustType { copy: !it.open, ..plain(names::type_name(&it.model)) }
            }
            ValueType::Composite(name) if self.is_struct(value_type) => {
                let model = names::type_name(&self.blueprint.composite_of(name).model);
                RustType { float: true, ..plain(model) }
            }
            ValueType::Composite(_) | ValueType::Text(_) => by_text("String"),
            ValueType::Domain(_, base) => self.of(base),
            ValueType::Array(element) => {
                let element = self.of(element);
                let text = format!("Vec<{}>", element.text);
                RustType { text, copy: false, ..element }
            }
        }
    }

    /// Whether a composite type can be a struct: its attributes all travel in binary.
    pub(super) fn is_struct(&self, value_type: &ValueType) -> bool {
        let ValueType::Composite(name) = value_type else { return false };
        let attributes = &self.blueprint.composite_of(name).attributes;
        attributes.iter().all(|(_, it)| {
            let travels = |part: &&ValueType| match part {
                ValueType::Composite(inner) => inner != name && self.is_struct(part),
                // A driver sees the domain inside of a composite, and has no value for it.
                ValueType::Domain(..) => false,
                _ => !self.of(part).by_text,
            };
            it.parts().iter().all(travels)
        })
    }

    fn builtin(&self, builtin: Builtin) -> RustType {
        match builtin {
            Builtin::Bool => copied("bool"),
            Builtin::Int2 => copied("i16"),
            Builtin::Int4 => copied("i32"),
            Builtin::Int8 => copied("i64"),
            Builtin::Oid => copied("u32"),
            Builtin::Float4 => RustType { float: true, ..copied("f32") },
            Builtin::Float8 => RustType { float: true, ..copied("f64") },
            Builtin::Text
            | Builtin::Varchar
            | Builtin::Bpchar
            | Builtin::Name
            | Builtin::Citext => plain("String"),
            Builtin::InternalChar => copied("i8"),
            Builtin::Bytea => plain("Vec<u8>"),
            Builtin::Date => copied(self.times("NaiveDate", "Date", "civil::Date")),
            Builtin::Time => copied(self.times("NaiveTime", "Time", "civil::Time")),
            Builtin::Timestamp => {
                copied(self.times("NaiveDateTime", "PrimitiveDateTime", "civil::DateTime"))
            }
            Builtin::Timestamptz => {
                copied(self.times("DateTime<chrono::Utc>", "OffsetDateTime", "Timestamp"))
            }
            Builtin::Interval => copied("support::Interval"),
            Builtin::Uuid => copied("uuid::Uuid"),
            Builtin::Json | Builtin::Jsonb => plain("serde_json::Value"),
            Builtin::Inet => copied("cidr::IpInet"),
            Builtin::Cidr => copied("cidr::IpCidr"),
            Builtin::Macaddr => copied("eui48::MacAddress"),
            Builtin::Hstore => plain("std::collections::HashMap<String, Option<String>>"),
            Builtin::Point => RustType { float: true, ..copied("geo_types::Point<f64>") },
            Builtin::Box => RustType { float: true, ..copied("geo_types::Rect<f64>") },
            Builtin::Path => RustType { float: true, ..plain("geo_types::LineString<f64>") },
            Builtin::Timetz | Builtin::Varbit | Builtin::Tsvector => by_text("String"),
        }
    }

    fn times(&self, chrono: &str, time: &str, jiff: &str) -> String {
        match self.settings.datetime {
            DateTime::Chrono => format!("chrono::{chrono}"),
            DateTime::Time => format!("time::{time}"),
            DateTime::Jiff => format!("jiff::{jiff}"),
        }
    }

    fn range(&self, of: RangeOf) -> RustType {
        let bound = match of {
            RangeOf::Int4 => Builtin::Int4,
            RangeOf::Int8 => Builtin::Int8,
            // Bounds have no precision that would say whether they fit.
            RangeOf::Numeric => return by_text("String"),
            RangeOf::Date => Builtin::Date,
            RangeOf::Timestamp => Builtin::Timestamp,
            RangeOf::Timestamptz => Builtin::Timestamptz,
        };
        copied(format!("support::Range<{}>", self.builtin(bound).text))
    }

    /// The crates that some types need.
    pub(super) fn crates<'v>(&self, used: impl Iterator<Item = &'v ValueType>) -> BTreeSet<Crate> {
        let mut crates = BTreeSet::new();
        for value_type in used {
            let text = self.of(value_type).text;
            let known = [
                ("chrono::", Crate::Chrono),
                ("cidr::", Crate::Cidr),
                ("eui48::", Crate::Eui48),
                ("geo_types::", Crate::GeoTypes),
                ("HalfEmbedding", Crate::Half),
                ("jiff::", Crate::Jiff),
                ("Embedding<", Crate::Pgvector),
                ("pgvector::", Crate::Pgvector),
                ("rust_decimal::", Crate::RustDecimal),
                ("serde_json::", Crate::SerdeJson),
                ("time::", Crate::Time),
                ("uuid::", Crate::Uuid),
            ];
            crates.extend(known.iter().filter(|(part, _)| text.contains(part)).map(|it| it.1));
        }
        crates
    }
}

/// Whether `rust_decimal` keeps all digits of a number. Before PostgreSQL 15 a scale is never negative
/// nor larger than the precision; from then on it can be either.
fn is_decimal(precision: u32, scale: i32) -> bool {
    let digits = if scale < 0 { precision + scale.unsigned_abs() } else { precision };
    digits <= DECIMAL_DIGITS && scale <= DECIMAL_DIGITS.cast_signed()
}

fn plain(text: impl Into<String>) -> RustType {
    RustType { text: text.into(), by_text: false, copy: false, float: false }
}

fn copied(text: impl Into<String>) -> RustType {
    RustType { copy: true, ..plain(text) }
}

fn by_text(text: impl Into<String>) -> RustType {
    RustType { by_text: true, ..plain(text) }
}

/// Vectors know their dimensions; one without dimensions is pgvector's own.
fn vector(kind: VectorType, dimensions: Option<u64>) -> RustType {
    let text = match (kind, dimensions) {
        (VectorType::Halfvec, Some(n)) => format!("support::HalfEmbedding<{n}>"),
        (VectorType::Sparsevec, Some(n)) => format!("support::SparseEmbedding<{n}>"),
        (VectorType::Halfvec, None) => "pgvector::HalfVector".to_owned(),
        (VectorType::Sparsevec, None) => "pgvector::SparseVector".to_owned(),
        (VectorType::Vector | VectorType::Bit, Some(n)) => format!("support::Embedding<{n}>"),
        (VectorType::Vector | VectorType::Bit, None) => "pgvector::Vector".to_owned(),
    };
    RustType { float: true, ..plain(text) }
}
