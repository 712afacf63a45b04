//! Sequences (`pg_sequence`): independent, owned by a column, or of an identity column.

use serde::{Deserialize, Serialize};

use super::base_type::BaseType;
use super::ident::{Ident, QualifiedName};
use super::pg_type::PgType;
use super::table::Persistence;

/// A sequence that a user sees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sequence {
    /// The name.
    pub name: QualifiedName,
    /// How it counts.
    pub options: SequenceOptions,
    /// The column it is dropped with (OWNED BY; `pg_depend.deptype = 'a'`).
    pub owned_by: Option<ColumnRef>,
    /// Permanent or unlogged (from PostgreSQL 15).
    pub persistence: Persistence,
    /// The comment.
    pub comment: Option<String>,
}

/// A column, by its table and name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ColumnRef {
    /// The table.
    pub table: QualifiedName,
    /// The column.
    pub column: Ident,
}

/// How a sequence counts, every value filled in (CREATE SEQUENCE in the manual).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SequenceOptions {
    /// `smallint`, `integer` or `bigint`.
    pub data_type: PgType,
    /// START WITH.
    pub start: i64,
    /// INCREMENT BY.
    pub increment: i64,
    /// MINVALUE.
    pub min: i64,
    /// MAXVALUE.
    pub max: i64,
    /// CACHE.
    pub cache: i64,
    /// CYCLE.
    pub cycle: bool,
}

impl SequenceOptions {
    /// What PostgreSQL fills in for an ascending sequence of this type.
    #[must_use]
    pub fn of_type(data_type: PgType) -> Self {
        Self::with_increment(data_type, 1)
    }

    /// What PostgreSQL fills in for this type and increment: bounds and start by its direction.
    #[must_use]
    pub fn with_increment(data_type: PgType, increment: i64) -> Self {
        let (lowest, highest) = type_bounds(&data_type);
        let (min, max) = if increment < 0 { (lowest, -1) } else { (1, highest) };
        let start = if increment < 0 { max } else { min };
        Self { data_type, start, increment, min, max, cache: 1, cycle: false }
    }

    /// The options of a sequence after `AS data_type`: a bound that was the old type's becomes the
    /// new type's (manual, ALTER SEQUENCE).
    #[must_use]
    pub fn retyped(&self, data_type: PgType) -> Self {
        let (lowest, highest) = type_bounds(&self.data_type);
        let (new_lowest, new_highest) = type_bounds(&data_type);
        let min = if self.min == lowest { new_lowest } else { self.min };
        let max = if self.max == highest { new_highest } else { self.max };
        Self { data_type, min, max, ..self.clone() }
    }

    /// Whether a sequence has to restart to get other options: it began outside of their bounds,
    /// and ALTER SEQUENCE refuses bounds that the sequence stands outside of.
    #[must_use]
    pub fn restarts(&self, to: &Self) -> bool {
        !(to.min..=to.max).contains(&self.start)
    }
}

/// The smallest and largest value of an integer type; those of `bigint` for anything else.
fn type_bounds(data_type: &PgType) -> (i64, i64) {
    let bounds = data_type.base().and_then(BaseType::integer_bounds);
    bounds.unwrap_or((i64::MIN, i64::MAX))
}
