//! The Rust types of values.

use super::needs::Needs;
use super::runtime::{Crate, Part};
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
    /// What code that names it needs.
    pub(super) needs: Needs,
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
                RustType { text: text.clone(), by_text, copy: false, ..own }
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
                copied("rust_decimal::Decimal").of(Crate::RustDecimal)
            }
            ValueType::Numeric(_) => by_text("support::Numeric").part(Part::Numeric),
            ValueType::Bit(n) => plain(format!("support::Bits<{n}>")).part(Part::Bits),
            ValueType::Vector(kind, dimensions) => self.vector(*kind, *dimensions),
            ValueType::Range(of) => self.range(*of),
            ValueType::Enum(name) => {
                let it = self.blueprint.enum_of(name);
                RustType { copy: !it.open, ..plain(names::type_name(&it.model)) }
            }
            ValueType::Composite(name) if self.is_struct(value_type) => {
                let model = names::type_name(&self.blueprint.composite_of(name).model);
                plain(model)
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
            Builtin::Float4 => copied("f32"),
            Builtin::Float8 => copied("f64"),
            Builtin::Text
            | Builtin::Varchar
            | Builtin::Bpchar
            | Builtin::Name
            | Builtin::Citext => plain("String"),
            Builtin::InternalChar => copied("i8"),
            Builtin::Bytea => plain("Vec<u8>"),
            Builtin::Date => self.times("NaiveDate", "Date", "civil::Date"),
            Builtin::Time => self.times("NaiveTime", "Time", "civil::Time"),
            Builtin::Timestamp => {
                self.times("NaiveDateTime", "PrimitiveDateTime", "civil::DateTime")
            }
            Builtin::Timestamptz => {
                self.times("DateTime<chrono::Utc>", "OffsetDateTime", "Timestamp")
            }
            Builtin::Interval => copied("support::Interval").part(Part::Interval),
            Builtin::Uuid => copied("uuid::Uuid").of(Crate::Uuid),
            Builtin::Json => plain("serde_json::Value").of(Crate::SerdeJson),
            Builtin::Jsonb => plain("serde_json::Value").of(Crate::SerdeJson).part(Part::Jsonb),
            Builtin::Inet => copied("cidr::IpInet").of(Crate::Cidr),
            Builtin::Cidr => copied("cidr::IpCidr").of(Crate::Cidr),
            Builtin::Macaddr => copied("eui48::MacAddress").of(Crate::Eui48),
            Builtin::Hstore => plain("std::collections::HashMap<String, Option<String>>"),
            Builtin::Point => copied("geo_types::Point<f64>").of(Crate::GeoTypes),
            Builtin::Box => copied("geo_types::Rect<f64>").of(Crate::GeoTypes),
            Builtin::Path => plain("geo_types::LineString<f64>").of(Crate::GeoTypes),
            Builtin::Timetz | Builtin::Varbit | Builtin::Tsvector => by_text("String"),
        }
    }

    fn times(&self, chrono: &str, time: &str, jiff: &str) -> RustType {
        match self.settings.datetime {
            DateTime::Chrono => copied(format!("chrono::{chrono}")).of(Crate::Chrono),
            DateTime::Time => copied(format!("time::{time}")).of(Crate::Time),
            DateTime::Jiff => copied(format!("jiff::{jiff}")).of(Crate::Jiff),
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
        let bound = self.builtin(bound);
        RustType { text: format!("support::Range<{}>", bound.text), ..bound }.part(Part::Range)
    }

    /// Vectors know their dimensions; one without dimensions is pgvector's own.
    fn vector(&self, kind: VectorType, dimensions: Option<u64>) -> RustType {
        let of = match dimensions {
            Some(n) => fixed_vector(kind, n),
            None => unbounded_vector(kind),
        };
        match dimensions.filter(|_| self.settings.embedding_serde) {
            Some(_) => of.part(serde_part(kind)),
            None => of,
        }
    }

    /// What a value needs to be a part of a response; vectors that are no part of another value are
    /// sent as plain numbers.
    pub(super) fn needs_on_the_wire(&self, value_type: &ValueType) -> Needs {
        let parts = value_type.parts().into_iter();
        let needs = parts.filter_map(|it| match it {
            ValueType::Vector(kind, Some(_)) => Some(Needs::new(&[serde_part(*kind)], &[])),
            ValueType::Vector(_, None) => Some(Needs::new(&[], &[Crate::VectorSerde])),
            _ => None,
        });
        needs.collect()
    }
}

/// Whether `rust_decimal` keeps all digits of a number. Before PostgreSQL 15 a scale is never negative
/// nor larger than the precision; from then on it can be either.
fn is_decimal(precision: u32, scale: i32) -> bool {
    let digits = if scale < 0 { precision + scale.unsigned_abs() } else { precision };
    digits <= DECIMAL_DIGITS && scale <= DECIMAL_DIGITS.cast_signed()
}

impl RustType {
    fn of(mut self, needed: Crate) -> Self {
        self.needs.add(&Needs::new(&[], &[needed]));
        self
    }

    fn part(mut self, needed: Part) -> Self {
        self.needs.add(&Needs::new(&[needed], &[]));
        self
    }
}

fn plain(text: impl Into<String>) -> RustType {
    let needs = Needs::default();
    RustType { text: text.into(), by_text: false, copy: false, needs }
}

fn copied(text: impl Into<String>) -> RustType {
    RustType { copy: true, ..plain(text) }
}

fn by_text(text: impl Into<String>) -> RustType {
    RustType { by_text: true, ..plain(text) }
}

/// A vector whose length is a part of its type: a number or a constant.
pub(super) fn fixed_vector(kind: VectorType, length: impl std::fmt::Display) -> RustType {
    let (name, part) = match kind {
        VectorType::Halfvec => ("HalfEmbedding", Part::HalfEmbedding),
        VectorType::Sparsevec => ("SparseEmbedding", Part::SparseEmbedding),
        VectorType::Vector | VectorType::Bit => ("Embedding", Part::Embedding),
    };
    plain(format!("support::{name}<{length}>")).part(part)
}

fn unbounded_vector(kind: VectorType) -> RustType {
    let of = |name: &str| plain(name).of(Crate::Pgvector);
    match kind {
        VectorType::Halfvec => of("pgvector::HalfVector").of(Crate::Halfvec),
        VectorType::Sparsevec => of("pgvector::SparseVector"),
        VectorType::Vector | VectorType::Bit => of("pgvector::Vector"),
    }
}

fn serde_part(kind: VectorType) -> Part {
    match kind {
        VectorType::Halfvec => Part::HalfEmbeddingSerde,
        VectorType::Sparsevec => Part::SparseEmbeddingSerde,
        VectorType::Vector | VectorType::Bit => Part::EmbeddingSerde,
    }
}
