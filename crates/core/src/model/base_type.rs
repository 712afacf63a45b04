//! The types that code reasons about, apart from all others, which are only names (manual chapter 8).
//!
//! Who asks knows something about a few of them and nothing about the rest, so a match on them may end in
//! a wildcard, as on no other enum.

use super::pgvector::VectorType;

/// A type of the server or of pgvector, whatever its modifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BaseType {
    /// `smallint`.
    Smallint,
    /// `integer`.
    Integer,
    /// `bigint`.
    Bigint,
    /// `numeric`.
    Numeric,
    /// `real`.
    Real,
    /// `double precision`.
    DoublePrecision,
    /// `money`.
    Money,
    /// `boolean`.
    Boolean,
    /// `text`.
    Text,
    /// `character varying`.
    Varchar,
    /// `character`.
    Character,
    /// `bpchar`, a `character` of any length.
    Bpchar,
    /// `name`, of which identifiers are.
    Name,
    /// `bytea`.
    Bytea,
    /// `bit`, which has a length.
    Bit,
    /// `bit varying`.
    Varbit,
    /// `date`.
    Date,
    /// `time without time zone`.
    Time,
    /// `time with time zone`.
    Timetz,
    /// `timestamp without time zone`.
    Timestamp,
    /// `timestamp with time zone`.
    Timestamptz,
    /// `interval`.
    Interval,
    /// `interval` that keeps some of its fields: `interval day to second`.
    IntervalFields,
    /// `uuid`.
    Uuid,
    /// `json`.
    Json,
    /// `jsonb`.
    Jsonb,
    /// `xml`.
    Xml,
    /// `cidr`.
    Cidr,
    /// `inet`.
    Inet,
    /// `point`, `line`, `lseg`, `box`, `path`, `polygon` or `circle`.
    Geometric,
    /// A type that pgvector brings.
    Vector(VectorType),
}

/// The types by the names that PostgreSQL prints.
const NAMES: &[(&str, BaseType)] = &[
    ("smallint", BaseType::Smallint),
    ("integer", BaseType::Integer),
    ("bigint", BaseType::Bigint),
    ("numeric", BaseType::Numeric),
    ("real", BaseType::Real),
    ("double precision", BaseType::DoublePrecision),
    ("money", BaseType::Money),
    ("boolean", BaseType::Boolean),
    ("text", BaseType::Text),
    ("character varying", BaseType::Varchar),
    ("character", BaseType::Character),
    ("bpchar", BaseType::Bpchar),
    ("name", BaseType::Name),
    ("bytea", BaseType::Bytea),
    ("bit", BaseType::Bit),
    ("bit varying", BaseType::Varbit),
    ("date", BaseType::Date),
    ("time without time zone", BaseType::Time),
    ("time with time zone", BaseType::Timetz),
    ("timestamp without time zone", BaseType::Timestamp),
    ("timestamp with time zone", BaseType::Timestamptz),
    ("interval", BaseType::Interval),
    ("uuid", BaseType::Uuid),
    ("json", BaseType::Json),
    ("jsonb", BaseType::Jsonb),
    ("xml", BaseType::Xml),
    ("cidr", BaseType::Cidr),
    ("inet", BaseType::Inet),
    ("point", BaseType::Geometric),
    ("line", BaseType::Geometric),
    ("lseg", BaseType::Geometric),
    ("box", BaseType::Geometric),
    ("path", BaseType::Geometric),
    ("polygon", BaseType::Geometric),
    ("circle", BaseType::Geometric),
];

impl BaseType {
    /// The type of the server of a name, as it is printed.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let fields = || name.starts_with("interval ").then_some(Self::IntervalFields);
        NAMES.iter().find(|it| it.0 == name).map(|it| it.1).or_else(fields)
    }

    /// Whether it is one of the three integers.
    #[must_use]
    pub fn is_integer(self) -> bool {
        self.integer_bounds().is_some()
    }

    /// Whether its values are text of any kind.
    #[must_use]
    pub fn is_text(self) -> bool {
        matches!(self, Self::Text | Self::Varchar | Self::Character | Self::Bpchar)
    }

    /// Whether its values are points in time or times of day, with or without a time zone.
    #[must_use]
    pub fn is_clock(self) -> bool {
        matches!(self, Self::Time | Self::Timetz | Self::Timestamp | Self::Timestamptz)
    }

    /// Whether its values say in which time zone they are read.
    #[must_use]
    pub fn has_time_zone(self) -> bool {
        matches!(self, Self::Timetz | Self::Timestamptz)
    }

    /// The smallest and largest value of an integer (manual section 8.1.1).
    #[must_use]
    pub fn integer_bounds(self) -> Option<(i64, i64)> {
        match self {
            Self::Smallint => Some((i64::from(i16::MIN), i64::from(i16::MAX))),
            Self::Integer => Some((i64::from(i32::MIN), i64::from(i32::MAX))),
            Self::Bigint => Some((i64::MIN, i64::MAX)),
            _ => None,
        }
    }

    /// What people write for it, where that is shorter than what PostgreSQL prints.
    #[must_use]
    pub fn alias(self) -> Option<&'static str> {
        match self {
            Self::Varchar => Some("varchar"),
            Self::Character => Some("char"),
            Self::Varbit => Some("varbit"),
            Self::Timestamptz => Some("timestamptz"),
            Self::Timestamp => Some("timestamp"),
            Self::Timetz => Some("timetz"),
            Self::Time => Some("time"),
            _ => None,
        }
    }
}
