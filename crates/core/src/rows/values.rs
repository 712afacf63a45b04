//! Values of a type, as the text that PostgreSQL reads: an endless sequence of ordinary ones, if
//! the type has so many, and those at its limits.

use super::kind::ValueKind;

/// What tells the values of one column from those of another: what references nothing today shall not
/// match by chance.
#[derive(Debug, Clone, Copy)]
pub struct Stem<'a> {
    /// The name of the column.
    pub name: &'a str,
    /// A number of its own.
    pub seed: u64,
}

/// Characters of a text that has more than fits into most columns, and less than what an index row can
/// hold.
const LONG: usize = 300;

/// Longest array or composite that is spelled out, by depth.
const DEPTH: usize = 4;

/// Dimensions of a vector whose column leaves them open.
const OPEN_DIMENSIONS: [usize; 3] = [3, 2, 4];

/// Texts in forms that checks often ask for, and what an unknown type may read.
pub const FORMS: [&str; 28] = [
    "a@example.com",
    "https://example.com/a",
    "abc",
    "ABC",
    "a",
    "A",
    "1",
    "0",
    "12345",
    "1234567890",
    "+4930123456",
    "2024-01-31",
    "12:30",
    "DE",
    "en",
    "EUR",
    "en-US",
    "#00ff00",
    "1.2.3",
    "a-b-1",
    "a_b",
    "00000000-0000-4000-8000-000000000001",
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    "{}",
    "[1,2,3]",
    "POINT(1 2)",
    "(1,2)",
    "0/16B3748",
];

/// Texts in such forms that differ by a number, for a key.
#[must_use]
pub fn numbered_forms(number: u64) -> Vec<String> {
    let letter = |it: u64| char::from(b'a' + u8::try_from(it % 26).unwrap_or(0));
    let word: String = [letter(number / 26), letter(number)].iter().collect();
    vec![
        format!("a{number}@example.com"),
        format!("https://example.com/{number}"),
        format!("abc{number}"),
        format!("a{word}"),
        word.to_uppercase(),
        format!("A{}", word.to_uppercase()),
        word,
        number.to_string(),
        (12_345 + number).to_string(),
        (1_234_567_890 + number).to_string(),
        format!("+49301234{number:02}"),
        format!("a-b-{number}"),
        format!("a_{number}"),
        format!("1.2.{number}"),
        format!("{number:064x}"),
    ]
}

impl<'a> Stem<'a> {
    /// The stem of a column.
    #[must_use]
    pub fn new(table: &str, name: &'a str) -> Self {
        // FNV-1a, so that it is the same everywhere.
        let bytes = table.bytes().chain([b'.']).chain(name.bytes());
        let seed = bytes.fold(0xcbf2_9ce4_8422_2325, |hash: u64, it| {
            (hash ^ u64::from(it)).wrapping_mul(0x0100_0000_01b3)
        });
        Self { name, seed: seed >> 16 }
    }
}

/// The value at a place in the ordinary ones; None where the type has fewer, or none are known.
#[must_use]
pub fn ordinary(kind: &ValueKind, stem: Stem<'_>, at: u64) -> Option<String> {
    let number = stem.seed % 1_000_000 * 1000 + at + 1;
    let value = match kind {
        ValueKind::Bool => ["true", "false"].get(usize::try_from(at).ok()?)?.to_string(),
        ValueKind::Int(2) => (stem.seed % 300 * 100 + at + 1).to_string(),
        ValueKind::Int(_) => number.to_string(),
        ValueKind::Numeric(limits) => numeric(*limits, stem, at)?,
        ValueKind::Float(_) | ValueKind::Money => format!("{}.5", number % 100_000),
        ValueKind::Text(limit) => text(*limit, stem, at)?,
        ValueKind::Bytea => format!("\\x{number:012x}"),
        ValueKind::Date => date(number),
        ValueKind::Timestamp => format!("{} {}", date(number), time(at)),
        ValueKind::Time => time(number),
        ValueKind::Interval => format!("{} days 01:00:00", number % 10_000),
        ValueKind::Uuid => {
            let (high, low) = (stem.seed & 0xffff_ffff, at + 1);
            format!("{high:08x}-0000-4000-8000-{low:012x}")
        }
        ValueKind::Json => format!("{{\"a\": {number}}}"),
        ValueKind::Xml => format!("<a>{number}</a>"),
        ValueKind::Inet => address(number),
        ValueKind::Cidr => format!("{}/32", address(number)),
        ValueKind::MacAddress(bytes) => {
            let digits = usize::from(*bytes) * 2;
            format!("{number:0digits$x}")
        }
        ValueKind::Bits { length, .. } => {
            let length = length.unwrap_or(8).clamp(1, 512);
            let shown = format!("{number:0length$b}");
            let fitting = shown.len() - length;
            // Only so many are different.
            if length < 32 && at >= 1 << length {
                return None;
            }
            shown[fitting..].to_owned()
        }
        ValueKind::Geometric(name) => geometric(name, number),
        ValueKind::TextSearch => format!("'word{number}'"),
        ValueKind::Hstore => format!("\"a\"=>\"{number}\""),
        ValueKind::Ltree => format!("a.b{number}"),
        ValueKind::Vector(dimensions) => vector(dimensions_of(*dimensions, at), number),
        ValueKind::SparseVector(dimensions) => {
            let dimensions = dimensions_of(*dimensions, at);
            format!("{{1:{}.5}}/{dimensions}", number % 1000)
        }
        ValueKind::Enum(labels) => labels.get(usize::try_from(at).ok()?)?.clone(),
        ValueKind::Domain(base) => ordinary(base, stem, at)?,
        ValueKind::Array(element) => {
            let elements = [ordinary(element, stem, at)?, ordinary(element, stem, 0)?];
            array(&elements)
        }
        ValueKind::Composite(fields) => composite(fields, |it| ordinary(it, stem, at)),
        ValueKind::Range(bound) => range(bound, stem, at)?,
        ValueKind::Multirange(bound) => format!("{{{}}}", range(bound, stem, at)?),
        ValueKind::Unknown => FORMS.get(usize::try_from(at).ok()?)?.to_string(),
    };
    Some(value)
}

/// The values at the limits of a type, and those that are often forgotten.
#[must_use]
pub fn extremes(kind: &ValueKind, depth: usize) -> Vec<String> {
    if depth > DEPTH {
        return Vec::new();
    }
    let texts = |all: &[&str]| all.iter().map(ToString::to_string).collect::<Vec<_>>();
    match kind {
        ValueKind::Bool | ValueKind::Enum(_) | ValueKind::Unknown | ValueKind::Ltree => Vec::new(),
        ValueKind::Int(2) => texts(&["0", "-1", "32767", "-32768"]),
        ValueKind::Int(4) => texts(&["0", "-1", "2147483647", "-2147483648"]),
        ValueKind::Int(_) => texts(&["0", "-1", "9223372036854775807", "-9223372036854775808"]),
        ValueKind::Numeric(None) => texts(&["0", "-1.5", "12345678901234567890.0123456789"]),
        ValueKind::Numeric(Some((precision, scale))) => widest(*precision, *scale),
        ValueKind::Float(4) => texts(&["0", "-1.5", "1e30"]),
        ValueKind::Float(_) => texts(&["0", "-1.5", "1e300", "0.1234567890123"]),
        ValueKind::Money => texts(&["0", "-1.5"]),
        ValueKind::Text(limit) => {
            let fits = |it: &usize| limit.is_none_or(|limit| *it <= limit);
            let long = limit.unwrap_or(LONG).min(LONG);
            let mut all = vec![String::new(), "x".repeat(long)];
            let others = ["7", "äé漢字", " a b "];
            all.extend(
                others.iter().filter(|it| fits(&it.chars().count())).map(ToString::to_string),
            );
            all
        }
        ValueKind::Bytea => texts(&["\\x", "\\x00ff"]),
        ValueKind::Date => texts(&["0001-01-01", "1970-01-01", "9999-12-31"]),
        ValueKind::Timestamp => {
            texts(&["0001-01-01 00:00:00", "1970-01-01 00:00:00", "9999-12-31 23:59:59.123456"])
        }
        ValueKind::Time => texts(&["00:00:00", "23:59:59.123456"]),
        ValueKind::Interval => texts(&["0", "-1 days", "100 years 3 mons 1.5 secs"]),
        ValueKind::Uuid => texts(&["00000000-0000-0000-0000-000000000000"]),
        ValueKind::Json => texts(&["[]", "{}", "null", "\"a\"", "1"]),
        ValueKind::Xml => texts(&["<a/>"]),
        ValueKind::Inet => texts(&["::1", "10.0.0.0/8"]),
        ValueKind::Cidr => texts(&["::/0"]),
        ValueKind::MacAddress(_) => Vec::new(),
        ValueKind::Bits { length, varying } => {
            let length = length.unwrap_or(8).clamp(1, 512);
            let mut all = vec!["0".repeat(length), "1".repeat(length)];
            all.extend(varying.then(String::new));
            all
        }
        ValueKind::Geometric(_) => Vec::new(),
        ValueKind::TextSearch => texts(&[""]),
        ValueKind::Hstore => texts(&["", "\"a\"=>NULL"]),
        ValueKind::Vector(Some(dimensions)) => vec![vector(*dimensions, 0)],
        ValueKind::Vector(None) => vec![vector(OPEN_DIMENSIONS[0], 0)],
        ValueKind::SparseVector(dimensions) => {
            vec![format!("{{}}/{}", dimensions.unwrap_or(OPEN_DIMENSIONS[0]))]
        }
        ValueKind::Domain(base) => extremes(base, depth + 1),
        ValueKind::Array(element) => {
            let inner = extremes(element, depth + 1);
            let mut all = texts(&["{}", "{NULL}"]);
            all.extend((!inner.is_empty()).then(|| array(&inner)));
            all
        }
        ValueKind::Composite(fields) => vec![",".repeat(fields.len().saturating_sub(1))]
            .into_iter()
            .map(|it| format!("({it})"))
            .collect(),
        ValueKind::Range(_) => texts(&["empty", "(,)"]),
        ValueKind::Multirange(_) => texts(&["{}"]),
    }
}

/// Values of a column whose values a sequence gives or a key needs, beyond what a narrower type holds:
/// what follows the largest must be there, too.
#[must_use]
pub fn large_keys(kind: &ValueKind) -> Vec<String> {
    match kind {
        ValueKind::Int(4) => vec!["70000".to_owned()],
        ValueKind::Int(8) => vec!["5000000000".to_owned()],
        ValueKind::Domain(base) => large_keys(base),
        _ => Vec::new(),
    }
}

fn numeric(limits: Option<(i32, i32)>, stem: Stem<'_>, at: u64) -> Option<String> {
    let Some((precision, scale)) = limits else {
        return Some(format!("{}.25", stem.seed % 10_000 * 1000 + at + 1));
    };
    let whole = u32::try_from(precision - scale).unwrap_or(0).min(9);
    let room = 10_u64.pow(whole);
    if scale > 0 {
        // As many decimals as there may be, so that fewer lose some.
        let decimals = usize::try_from(scale.min(9)).ok()?;
        let part = (stem.seed + at).checked_rem(10_u64.pow(u32::try_from(decimals).ok()?))?;
        let lead = if precision < scale { 0 } else { at % room };
        let part = if precision < scale { 0 } else { part };
        return Some(format!("{lead}.{part:0decimals$}"));
    }
    let step = 10_u64.pow(u32::try_from(-scale).unwrap_or(0).min(9));
    Some((((stem.seed % 1000 + at) % room.max(1)) / step * step).to_string())
}

/// The largest and the smallest number, zero, and a negative one.
fn widest(precision: i32, scale: i32) -> Vec<String> {
    let digits = usize::try_from(precision).unwrap_or(1);
    let decimals = usize::try_from(scale).unwrap_or(0);
    let nines = match usize::try_from(precision - scale) {
        Ok(whole) if scale > 0 => format!("{}.{}", "9".repeat(whole.max(1)), "9".repeat(decimals)),
        Ok(_) => {
            format!("{}{}", "9".repeat(digits), "0".repeat(usize::try_from(-scale).unwrap_or(0)))
        }
        Err(_) => format!("0.{}{}", "0".repeat(decimals - digits), "9".repeat(digits)),
    };
    // Without a digit before the point there is none but zero.
    let nines = if precision == scale { nines.replacen('9', "0", 1) } else { nines };
    vec!["0".to_owned(), format!("-{nines}"), nines]
}

fn text(limit: Option<usize>, stem: Stem<'_>, at: u64) -> Option<String> {
    let whole = format!("{} {}", stem.name.trim_matches('"'), at + 1);
    let Some(limit) = limit else { return Some(whole) };
    if whole.chars().count() <= limit {
        return Some(whole);
    }
    let mut rest = at;
    let mut short = Vec::new();
    for _ in 0..limit.min(6) {
        short.push(char::from(
            b"abcdefghijklmnopqrstuvwxyz0123456789"[usize::try_from(rest % 36).ok()?],
        ));
        rest /= 36;
    }
    (rest == 0).then(|| short.into_iter().rev().collect())
}

/// Days one after the other, of months that all have so many.
fn date(number: u64) -> String {
    let number = number % (28 * 12 * 50);
    let (year, month, day) = (1990 + number / 336, number / 28 % 12 + 1, number % 28 + 1);
    format!("{year:04}-{month:02}-{day:02}")
}

fn time(number: u64) -> String {
    let number = number % 86_400;
    format!("{:02}:{:02}:{:02}", number / 3600, number / 60 % 60, number % 60)
}

fn address(number: u64) -> String {
    format!("10.{}.{}.{}", number >> 16 & 255, number >> 8 & 255, number & 255)
}

fn geometric(name: &str, number: u64) -> String {
    let at = number % 10_000;
    match name {
        "point" => format!("({at},1)"),
        "line" => format!("{{1,2,{at}}}"),
        "circle" => format!("<({at},1),2>"),
        _ => format!("(({at},1),({},2))", at + 1),
    }
}

fn dimensions_of(fixed: Option<usize>, at: u64) -> usize {
    let open = usize::try_from(at % 3).unwrap_or(0);
    fixed.unwrap_or(OPEN_DIMENSIONS[open]).max(1)
}

fn vector(dimensions: usize, number: u64) -> String {
    let first = if number == 0 { "0".to_owned() } else { format!("{}.5", number % 1000) };
    let rest = std::iter::repeat_n(if number == 0 { "0" } else { "0.1" }, dimensions.max(1) - 1);
    let numbers: Vec<&str> = std::iter::once(first.as_str()).chain(rest).collect();
    format!("[{}]", numbers.join(","))
}

fn quoted(value: &str) -> String {
    format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
}

fn array(elements: &[String]) -> String {
    let quoted: Vec<String> = elements.iter().map(|it| quoted(it)).collect();
    format!("{{{}}}", quoted.join(","))
}

fn composite(fields: &[ValueKind], value: impl Fn(&ValueKind) -> Option<String>) -> String {
    let shown: Vec<String> =
        fields.iter().map(|it| value(it).map_or_else(String::new, |it| quoted(&it))).collect();
    format!("({})", shown.join(","))
}

/// Ranges one after the other that do not overlap, for as long as the values grow.
fn range(bound: &ValueKind, stem: Stem<'_>, at: u64) -> Option<String> {
    let (from, to) = (ordinary(bound, stem, at * 2)?, ordinary(bound, stem, at * 2 + 1)?);
    Some(format!("[{},{})", quoted(&from), quoted(&to)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(kind: &ValueKind, first: &str, limits: &[&str]) {
        let stem = Stem { name: "c", seed: 7 };
        assert_eq!(ordinary(kind, stem, 0).as_deref(), Some(first));
        assert_eq!(extremes(kind, 0), limits);
    }

    fn of(name: &str, modifier: i32) -> ValueKind {
        ValueKind::named(name, modifier).unwrap()
    }

    #[test]
    fn values_are_within_the_limits_of_their_types() {
        check(&of("bool", -1), "true", &[]);
        check(&of("int2", -1), "701", &["0", "-1", "32767", "-32768"]);
        check(&of("int4", -1), "7001", &["0", "-1", "2147483647", "-2147483648"]);
        check(&ValueKind::Numeric(Some((4, 2))), "0.07", &["0", "-99.99", "99.99"]);
        check(&ValueKind::Numeric(Some((2, 2))), "0.07", &["0", "-0.99", "0.99"]);
        check(&ValueKind::Numeric(Some((2, 4))), "0.0000", &["0", "-0.0099", "0.0099"]);
        check(&ValueKind::Numeric(Some((2, -2))), "0", &["0", "-9900", "9900"]);
        check(&ValueKind::Text(Some(5)), "c 1", &["", "xxxxx", "7", "äé漢字", " a b "]);
        check(&ValueKind::Text(Some(2)), "aa", &["", "xx", "7"]);
        check(&of("date", -1), "2010-11-02", &["0001-01-01", "1970-01-01", "9999-12-31"]);
        check(
            &of("uuid", -1),
            "00000007-0000-4000-8000-000000000001",
            &["00000000-0000-0000-0000-000000000000"],
        );
        check(&of("bytea", -1), "\\x000000001b59", &["\\x", "\\x00ff"]);
        check(&of("inet", -1), "10.0.27.89", &["::1", "10.0.0.0/8"]);
        check(&of("macaddr", -1), "000000001b59", &[]);
        check(&of("bit", 4), "1001", &["0000", "1111"]);
        check(&of("varbit", 2), "01", &["00", "11", ""]);
        check(&of("vector", 3), "[1.5,0.1,0.1]", &["[0,0,0]"]);
        check(&of("halfvec", 2), "[1.5,0.1]", &["[0,0]"]);
        check(&of("sparsevec", 5), "{1:1.5}/5", &["{}/5"]);
        check(&of("jsonb", -1), "{\"a\": 7001}", &["[]", "{}", "null", "\"a\"", "1"]);
    }

    #[test]
    fn values_of_made_types_are_made_of_others() {
        let labels = ValueKind::Enum(vec!["draft".to_owned(), "it's".to_owned()]);
        check(&labels, "draft", &[]);
        check(&ValueKind::Domain(Box::new(of("int2", -1))), "701", &["0", "-1", "32767", "-32768"]);
        let array = ValueKind::Array(Box::new(labels.clone()));
        check(&array, "{\"draft\",\"draft\"}", &["{}", "{NULL}"]);
        let composite = ValueKind::Composite(vec![of("int2", -1), labels]);
        check(&composite, "(\"701\",\"draft\")", &["(,)"]);
        check(
            &ValueKind::Range(Box::new(of("int4", -1))),
            "[\"7001\",\"7002\")",
            &["empty", "(,)"],
        );
        let several = ValueKind::Multirange(Box::new(of("int4", -1)));
        check(&several, "{[\"7001\",\"7002\")}", &["{}"]);
    }

    #[test]
    fn a_small_type_ends_and_an_open_vector_has_several_lengths() {
        let stem = Stem { name: "c", seed: 7 };
        assert_eq!(ordinary(&ValueKind::Bool, stem, 2), None);
        assert_eq!(ordinary(&ValueKind::Text(Some(1)), stem, 36), None);
        assert_eq!(ordinary(&of("bit", 1), stem, 2), None);
        let open = of("vector", -1);
        let lengths: Vec<usize> =
            (0..3).map(|at| ordinary(&open, stem, at).unwrap().split(',').count()).collect();
        assert_eq!(lengths, [3, 2, 4]);
        assert_eq!(ordinary(&ValueKind::Unknown, stem, 1000), None);
    }

    #[test]
    fn columns_do_not_match_by_chance() {
        let (one, other) = (Stem::new("public.a", "id"), Stem::new("public.b", "id"));
        let value = |stem| ordinary(&ValueKind::Int(8), stem, 0);
        assert_ne!(value(one), value(other));
    }
}
