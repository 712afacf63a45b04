//! Conversion of stored values from one type to another: what `ALTER COLUMN TYPE` converts without
//! USING, what needs an expression, what is rewritten, and what can be lost.

use crate::model::base_type::BaseType;
use crate::model::pg_type::PgType;
use crate::model::pgvector::VectorType;
use crate::model::snapshot::{CastContext, Environment};

/// How the values of a column change their type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conversion {
    /// PostgreSQL applies the cast by itself (manual section 10.4).
    Assignment,
    /// There is a cast, to be written out with USING; it fails on values that have no counterpart.
    Explicit,
    /// There is no cast, or one that would change the meaning of the values.
    None,
}

/// How `from` becomes `to`.
#[must_use]
pub fn conversion(from: &PgType, to: &PgType, environment: &Environment) -> Conversion {
    if from.vector_type().is_some() && to.vector_type().is_some() && dimensions_clash(from, to) {
        return Conversion::None;
    }
    if from.same_family(to) {
        return Conversion::Assignment;
    }
    if from.array != to.array {
        return context(environment.casts.get(&bare(from), &bare(to)));
    }
    let (from, to) = (from.element(), to.element());
    let declared = context(environment.casts.get(&bare(&from), &bare(&to)));
    match declared {
        Conversion::Assignment => Conversion::Assignment,
        // Every type converts to and from text through its input and output functions (manual,
        // CREATE CAST, "Notes").
        Conversion::Explicit | Conversion::None if is_text(&to) => Conversion::Assignment,
        Conversion::None if is_text(&from) => Conversion::Explicit,
        Conversion::Explicit => Conversion::Explicit,
        Conversion::None => Conversion::None,
    }
}

fn context(found: Option<CastContext>) -> Conversion {
    match found {
        Some(CastContext::Implicit | CastContext::Assignment) => Conversion::Assignment,
        Some(CastContext::Explicit) => Conversion::Explicit,
        None => Conversion::None,
    }
}

/// The name that `pg_cast` is looked up by: without modifier.
fn bare(data_type: &PgType) -> String {
    PgType { modifier: None, ..data_type.clone() }.to_string()
}

fn is_text(data_type: &PgType) -> bool {
    data_type.base().is_some_and(BaseType::is_text)
}

/// Whether both types have dimensions and they differ: no cast of stored vectors does that.
#[must_use]
pub fn dimensions_clash(from: &PgType, to: &PgType) -> bool {
    from.vector_type().is_some()
        && to.vector_type().is_some()
        && matches!((from.length(), to.length()), (Some(from), Some(to)) if from != to)
}

/// Whether the change rewrites the table and its indexes (measured on PostgreSQL 16).
#[must_use]
pub fn rewrites(from: &PgType, to: &PgType) -> bool {
    if from == to {
        return false;
    }
    if from.array || to.array {
        // The elements are converted one by one, unless only their modifier goes.
        return !from.same_family(to) || to.modifier.is_some();
    }
    if from.namespace != to.namespace {
        return true;
    }
    let wider = match (from.length(), to.length()) {
        (_, None) => true,
        (Some(from), Some(to)) => from <= to,
        (None, Some(_)) => false,
    };
    let (Some(before), Some(after)) = (from.base(), to.base()) else { return true };
    match (before, after) {
        (BaseType::Varchar, BaseType::Varchar) | (BaseType::Varbit, BaseType::Varbit) => !wider,
        (BaseType::Varchar | BaseType::Text, BaseType::Text)
        | (BaseType::Bit, BaseType::Varbit)
        | (BaseType::Cidr, BaseType::Inet)
        | (BaseType::Text, BaseType::Varchar) => to.modifier.is_some(),
        (BaseType::Numeric, BaseType::Numeric) => !numeric_widens(from, to),
        (BaseType::Vector(before), BaseType::Vector(after)) if before == after => {
            to.modifier.is_some()
        }
        _ if before == after && (before.is_clock() || before == BaseType::Interval) => {
            digits(to).zip(digits(from)).is_none_or(|(to, from)| to < from)
        }
        _ => true,
    }
}

/// How many digits of the seconds are kept; six where nothing is said (manual, 8.5). None where other fields
/// are left out.
fn digits(data_type: &PgType) -> Option<i64> {
    match &data_type.modifier {
        None => Some(6),
        Some(it) => it.parse().ok(),
    }
}

/// More digits with the same scale keep the stored values as they are.
fn numeric_widens(from: &PgType, to: &PgType) -> bool {
    let parts = |it: &PgType| -> Option<(i64, i64)> {
        let (precision, scale) = it.modifier.as_deref()?.split_once(',')?;
        Some((precision.parse().ok()?, scale.parse().ok()?))
    };
    match (parts(from), parts(to)) {
        (_, None) => true,
        (Some((before, scale)), Some((after, same))) => before <= after && scale == same,
        (None, Some(_)) => false,
    }
}

/// What the stored values can lose on the way, in words; none where they keep their meaning.
#[must_use]
pub fn loss(from: &PgType, to: &PgType) -> Option<&'static str> {
    match (from.base()?, to.base()?) {
        (BaseType::Vector(VectorType::Vector), BaseType::Vector(VectorType::Halfvec)) => {
            Some("precision: each element is rounded to half precision")
        }
        (BaseType::Vector(VectorType::Vector | VectorType::Halfvec), BaseType::Bit) => {
            Some("the values: only one bit of each element is kept")
        }
        (BaseType::DoublePrecision, BaseType::Real) => {
            Some("precision: values are rounded to six digits")
        }
        (BaseType::DoublePrecision | BaseType::Real | BaseType::Numeric, to) if to.is_integer() => {
            Some("fractions: values are rounded to whole numbers")
        }
        (BaseType::Numeric, BaseType::Numeric) if scale_shrinks(from, to) => {
            Some("digits after the decimal point beyond the new scale")
        }
        (BaseType::Json, BaseType::Jsonb) => {
            Some("key order, duplicate keys and white space of the documents")
        }
        (BaseType::Timestamptz | BaseType::Timestamp, BaseType::Date) => Some("the time of day"),
        (BaseType::Timestamptz, BaseType::Timestamp) => {
            Some("the instant: values become local times of the session's TimeZone")
        }
        (BaseType::Timestamp, BaseType::Timestamptz) => Some(
            "nothing if TimeZone is the zone that the values were written in; otherwise the \
                 values shift",
        ),
        _ => None,
    }
}

fn scale_shrinks(from: &PgType, to: &PgType) -> bool {
    let scale = |it: &PgType| it.modifier.as_deref()?.split_once(',')?.1.parse::<i64>().ok();
    match (scale(from), scale(to)) {
        (_, None) => false,
        (None, Some(_)) => true,
        (Some(from), Some(to)) => to < from,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> PgType {
        PgType::parse(text).expect("a type")
    }

    #[track_caller]
    fn check_rewrite(from: &str, to: &str, expected: bool) {
        assert_eq!(rewrites(&parsed(from), &parsed(to)), expected, "{from} -> {to}");
    }

    #[test]
    fn rewrites_as_measured() {
        check_rewrite("varchar(20)", "varchar(40)", false);
        check_rewrite("varchar(20)", "varchar", false);
        check_rewrite("varchar(20)", "text", false);
        check_rewrite("varchar(20)", "varchar(10)", true);
        check_rewrite("text", "varchar(50)", true);
        check_rewrite("text", "varchar", false);
        check_rewrite("char(10)", "varchar", true);
        check_rewrite("int", "bigint", true);
        check_rewrite("numeric(10,2)", "numeric(12,2)", false);
        check_rewrite("numeric(10,2)", "numeric", false);
        check_rewrite("numeric(10,2)", "numeric(12,1)", true);
        check_rewrite("timestamptz", "timestamptz(0)", true);
        check_rewrite("timestamptz(0)", "timestamptz(3)", false);
        check_rewrite("time", "time(6)", false);
        check_rewrite("interval", "interval(3)", true);
        check_rewrite("interval(3)", "interval", false);
        check_rewrite("vector(3)", "vector", false);
        check_rewrite("vector", "vector(3)", true);
        check_rewrite("vector(3)", "halfvec(3)", true);
        check_rewrite("bit(3)", "varbit", false);
        check_rewrite("varchar(20)[]", "text[]", true);
        check_rewrite("varchar(20)[]", "varchar(40)[]", true);
        check_rewrite("varchar(20)[]", "varchar[]", false);
    }

    #[track_caller]
    fn check_conversion(from: &str, to: &str, expected: Conversion) {
        let mut environment = Environment::default();
        for (from, to, context) in [
            ("vector", "halfvec", CastContext::Implicit),
            ("integer", "bigint", CastContext::Implicit),
            ("integer", "boolean", CastContext::Explicit),
        ] {
            environment.casts.insert(from.to_owned(), to.to_owned(), context);
        }
        assert_eq!(
            conversion(&parsed(from), &parsed(to), &environment),
            expected,
            "{from} -> {to}"
        );
    }

    #[test]
    fn conversions_follow_the_casts() {
        check_conversion("int", "bigint", Conversion::Assignment);
        check_conversion("int", "boolean", Conversion::Explicit);
        check_conversion("int[]", "bigint[]", Conversion::Assignment);
        check_conversion("int", "uuid", Conversion::None);
        check_conversion("uuid", "text", Conversion::Assignment);
        check_conversion("text", "integer", Conversion::Explicit);
        check_conversion("vector(3)", "halfvec(3)", Conversion::Assignment);
        check_conversion("vector(3)", "vector(4)", Conversion::None);
        check_conversion("vector(3)", "vector", Conversion::Assignment);
    }
}
