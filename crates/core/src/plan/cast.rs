//! How stored values get from one type to another: what `ALTER COLUMN TYPE` does by itself, what it
//! must be told, what it rewrites and what it can lose.

use crate::model::pg_type::PgType;
use crate::model::snapshot::{CastContext, Environment};

/// How the values of a column change their type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conversion {
    /// PostgreSQL applies the cast by itself (manual section 10.4).
    Assignment,
    /// There is a cast, to be written out with USING; it fails on values that have no counterpart.
    Explicit,
    /// No cast leads there, or one that would not keep what the values mean.
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
        _ if is_text(&to) => Conversion::Assignment,
        _ if is_text(&from) => Conversion::Explicit,
        other => other,
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
    data_type.namespace.is_none()
        && matches!(data_type.name.as_str(), "text" | "character varying" | "character" | "bpchar")
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
    match (from.name.as_str(), to.name.as_str()) {
        ("character varying", "character varying") | ("bit varying", "bit varying") => !wider,
        ("character varying" | "text", "text") | ("bit", "bit varying") | ("cidr", "inet") => {
            to.modifier.is_some()
        }
        ("text", "character varying") => to.modifier.is_some(),
        ("numeric", "numeric") => !numeric_widens(from, to),
        ("vector", "vector") | ("halfvec", "halfvec") | ("sparsevec", "sparsevec") => {
            to.modifier.is_some()
        }
        (before, after) if before == after && is_temporal(before) => {
            digits(to).zip(digits(from)).is_none_or(|(to, from)| to < from)
        }
        _ => true,
    }
}

fn is_temporal(name: &str) -> bool {
    name.starts_with("time") || name == "interval"
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
    let names = (from.name.as_str(), to.name.as_str());
    match names {
        ("vector", "halfvec") => Some("precision: each element is rounded to half precision"),
        ("vector" | "halfvec", "bit") => Some("the values: one bit an element is kept"),
        ("double precision", "real") => Some("precision: values are rounded to six digits"),
        ("double precision" | "real" | "numeric", "smallint" | "integer" | "bigint") => {
            Some("fractions: values are rounded to whole numbers")
        }
        ("numeric", "numeric") if scale_shrinks(from, to) => {
            Some("digits after the point that the new scale has no room for")
        }
        ("json", "jsonb") => Some("key order, duplicate keys and white space of the documents"),
        ("timestamp with time zone" | "timestamp without time zone", "date") => {
            Some("the time of day")
        }
        ("timestamp with time zone", "timestamp without time zone") => {
            Some("the instant: values become local times of the session's TimeZone")
        }
        ("timestamp without time zone", "timestamp with time zone") => {
            Some("nothing if TimeZone is the zone the values were written in; else they shift")
        }
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
