//! The kinds of types for which values can be generated.

use crate::model::pgvector::VectorType;

/// What values a type has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ValueKind {
    /// `boolean`.
    Bool,
    /// `smallint`, `integer`, `bigint`, by the number of bytes.
    Int(u8),
    /// `numeric`, with its precision and scale where it has them.
    Numeric(Option<(i32, i32)>),
    /// `real`, `double precision`, by the number of bytes.
    Float(u8),
    /// `money`.
    Money,
    /// Text of any form, with the number of characters that fit.
    Text(Option<usize>),
    /// `bytea`.
    Bytea,
    /// `date`.
    Date,
    /// `timestamp`, with a time zone or without.
    Timestamp,
    /// `time`, with a time zone or without.
    Time,
    /// `interval`.
    Interval,
    /// `uuid`.
    Uuid,
    /// `json` and `jsonb`.
    Json,
    /// `xml`.
    Xml,
    /// `inet`.
    Inet,
    /// `cidr`.
    Cidr,
    /// `macaddr` and `macaddr8`, by the number of bytes.
    MacAddress(u8),
    /// `bit` with its length, `bit varying` with its limit.
    Bits {
        /// The length, or the limit where there is one.
        length: Option<usize>,
        /// Whether fewer bits do.
        varying: bool,
    },
    /// A geometric type, by its name.
    Geometric(&'static str),
    /// `tsvector` and `tsquery`.
    TextSearch,
    /// `hstore`.
    Hstore,
    /// `ltree`.
    Ltree,
    /// `vector` and `halfvec` of pgvector, with dimensions where they are fixed.
    Vector(Option<usize>),
    /// `sparsevec` of pgvector, with dimensions where they are fixed.
    SparseVector(Option<usize>),
    /// An enum, with its labels.
    Enum(Vec<String>),
    /// A domain over a type; PostgreSQL is asked which values its checks let in.
    Domain(Box<ValueKind>),
    /// An array of these.
    Array(Box<ValueKind>),
    /// A row of these.
    Composite(Vec<ValueKind>),
    /// A range over a type.
    Range(Box<ValueKind>),
    /// Several ranges over a type.
    Multirange(Box<ValueKind>),
    /// A type of which nothing is known; PostgreSQL is asked which texts it reads.
    Unknown,
}

/// What a type modifier of `varchar`, `char` and `numeric` counts more than it says (VARHDRSZ of the
/// server's `c.h`).
const HEADER: i32 = 4;

/// The characters of a name (NAMEDATALEN - 1).
const NAME_LENGTH: usize = 63;

impl ValueKind {
    /// The kind of a type of PostgreSQL or of a well-known extension, by its name in `pg_type`.
    #[must_use]
    pub fn named(name: &str, modifier: i32) -> Option<Self> {
        let length = usize::try_from(modifier).ok();
        let kind = match name {
            "bool" => Self::Bool,
            "int2" => Self::Int(2),
            "int4" => Self::Int(4),
            "int8" => Self::Int(8),
            "numeric" => Self::Numeric(precision(modifier)),
            "float4" => Self::Float(4),
            "float8" => Self::Float(8),
            "money" => Self::Money,
            "text" | "citext" => Self::Text(None),
            "name" => Self::Text(Some(NAME_LENGTH)),
            "varchar" | "bpchar" => Self::Text(usize::try_from(modifier - HEADER).ok()),
            "char" => Self::Text(Some(1)),
            "bytea" => Self::Bytea,
            "date" => Self::Date,
            "timestamp" | "timestamptz" => Self::Timestamp,
            "time" | "timetz" => Self::Time,
            "interval" => Self::Interval,
            "uuid" => Self::Uuid,
            "json" | "jsonb" => Self::Json,
            "xml" => Self::Xml,
            "inet" => Self::Inet,
            "cidr" => Self::Cidr,
            "macaddr" => Self::MacAddress(6),
            "macaddr8" => Self::MacAddress(8),
            "varbit" => Self::Bits { length, varying: true },
            "point" => Self::Geometric("point"),
            "line" => Self::Geometric("line"),
            "lseg" => Self::Geometric("lseg"),
            "box" => Self::Geometric("box"),
            "path" => Self::Geometric("path"),
            "polygon" => Self::Geometric("polygon"),
            "circle" => Self::Geometric("circle"),
            "tsvector" | "tsquery" => Self::TextSearch,
            "hstore" => Self::Hstore,
            "ltree" => Self::Ltree,
            _ => match VectorType::named(name)? {
                VectorType::Vector | VectorType::Halfvec => Self::Vector(length),
                VectorType::Sparsevec => Self::SparseVector(length),
                VectorType::Bit => Self::Bits { length: length.or(Some(1)), varying: false },
            },
        };
        Some(kind)
    }

    /// Whether PostgreSQL has to be asked which values there are.
    #[must_use]
    pub fn needs_asking(&self) -> bool {
        match self {
            Self::Domain(_) | Self::Unknown => true,
            Self::Array(it) | Self::Range(it) | Self::Multirange(it) => it.needs_asking(),
            Self::Composite(fields) => fields.iter().any(Self::needs_asking),
            Self::Bool
            | Self::Int(_)
            | Self::Numeric(_)
            | Self::Float(_)
            | Self::Money
            | Self::Text(_)
            | Self::Bytea
            | Self::Date
            | Self::Timestamp
            | Self::Time
            | Self::Interval
            | Self::Uuid
            | Self::Json
            | Self::Xml
            | Self::Inet
            | Self::Cidr
            | Self::MacAddress(_)
            | Self::Bits { .. }
            | Self::Geometric(_)
            | Self::TextSearch
            | Self::Hstore
            | Self::Ltree
            | Self::Vector(_)
            | Self::SparseVector(_)
            | Self::Enum(_) => false,
        }
    }
}

/// Precision and scale in the modifier of `numeric` (`numerictypmodin` of the server's `numeric.c`; a
/// scale is a number of eleven bits with a sign since PostgreSQL 15).
fn precision(modifier: i32) -> Option<(i32, i32)> {
    let packed = modifier.checked_sub(HEADER).filter(|it| *it >= 0)?;
    Some((packed >> 16 & 0xffff, (packed & 0x7ff ^ 1024) - 1024))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modifiers_are_read() {
        let numeric = |precision: i32, scale: i32| (precision << 16 | scale & 0x7ff) + HEADER;
        let named = |name, modifier| ValueKind::named(name, modifier).unwrap();
        assert_eq!(named("numeric", numeric(10, 2)), ValueKind::Numeric(Some((10, 2))));
        assert_eq!(named("numeric", numeric(3, -2)), ValueKind::Numeric(Some((3, -2))));
        assert_eq!(named("numeric", -1), ValueKind::Numeric(None));
        assert_eq!(named("varchar", 24), ValueKind::Text(Some(20)));
        assert_eq!(named("varchar", -1), ValueKind::Text(None));
        assert_eq!(named("vector", 3), ValueKind::Vector(Some(3)));
        assert_eq!(named("vector", -1), ValueKind::Vector(None));
        assert_eq!(named("bit", 5), ValueKind::Bits { length: Some(5), varying: false });
        assert_eq!(ValueKind::named("geometry", -1), None);
    }

    #[test]
    fn postgresql_is_asked_about_what_is_hidden_in_others() {
        let domain = ValueKind::Domain(Box::new(ValueKind::Bool));
        assert!(ValueKind::Array(Box::new(domain.clone())).needs_asking());
        assert!(ValueKind::Composite(vec![ValueKind::Bool, domain]).needs_asking());
        assert!(!ValueKind::Array(Box::new(ValueKind::Int(4))).needs_asking());
    }
}
