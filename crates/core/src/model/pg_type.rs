//! Column types as PostgreSQL prints them (`format_type`), parsed as far as needed for modifiers
//! and arrays.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::base_type::BaseType;
use super::ident::{Ident, PUBLIC};

pub use super::pgvector::VectorType;

/// A data type with its modifier.
///
/// Equality is equality of the printed form: aliases (`int4`, `timestamptz`) are resolved by
/// [`PgType::parse`], array dimensions beyond one are not kept (manual section 8.15.1).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PgType {
    /// The namespace, where it is neither `pg_catalog` nor `public`.
    pub namespace: Option<Ident>,
    /// The name without modifier: `character varying`, `timestamp with time zone`, `vector`.
    pub name: String,
    /// What stands in parentheses: `20`, `10,2`.
    pub modifier: Option<String>,
    /// Whether it is an array of the type.
    pub array: bool,
}

impl PgType {
    /// A plain type without modifier.
    pub fn named(name: impl Into<String>) -> Self {
        Self { namespace: None, name: name.into(), modifier: None, array: false }
    }

    /// Reads a type as written in SQL or as printed by `format_type`, and resolves the aliases of
    /// the manual's table 8.1.
    ///
    /// # Errors
    /// Says what is not a type name.
    pub fn parse(text: &str) -> Result<Self, PgTypeError> {
        Reader::new(text).read()
    }

    /// The type of one element, for an array; the type itself otherwise.
    #[must_use]
    pub fn element(&self) -> Self {
        Self { array: false, ..self.clone() }
    }

    /// The modifier as one number: the length of `varchar(20)`, the dimensions of `vector(1536)`.
    #[must_use]
    pub fn length(&self) -> Option<u64> {
        self.modifier.as_ref()?.parse().ok()
    }

    /// What the type is, or an element of the array, where code knows it: a type of pgvector in any
    /// namespace, or one of the server's own.
    #[must_use]
    pub fn base(&self) -> Option<BaseType> {
        let brought = VectorType::named(&self.name).filter(|it| *it != VectorType::Bit);
        let own = || BaseType::named(&self.name).filter(|_| self.namespace.is_none());
        brought.map(BaseType::Vector).or_else(own)
    }

    /// The same; none of an array.
    #[must_use]
    pub fn plain_base(&self) -> Option<BaseType> {
        self.base().filter(|_| !self.array)
    }

    /// The pgvector type, whatever namespace the extension lives in.
    #[must_use]
    pub fn vector_type(&self) -> Option<VectorType> {
        match self.plain_base()? {
            BaseType::Vector(it) => Some(it),
            BaseType::Bit => Some(VectorType::Bit),
            _ => None,
        }
    }

    /// The type as PostgreSQL prints it where there are no modifiers, as among the arguments of a
    /// routine (`format_type_be` in the server): there `bit` and `character` are of any length.
    #[must_use]
    pub fn without_modifier(&self) -> String {
        let name = match (&self.namespace, self.name.as_str()) {
            (None, "bpchar") => "character",
            (None, name) if name.starts_with("interval ") => "interval",
            (_, name) => name,
        };
        if self.namespace.is_none() && name == "bit" {
            return format!("bit{}", if self.array { "[]" } else { "" });
        }
        Self { name: name.to_owned(), modifier: None, ..self.clone() }.to_string()
    }

    /// Whether two types differ in their modifier only.
    #[must_use]
    pub fn same_family(&self, other: &Self) -> bool {
        self.namespace == other.namespace && self.name == other.name && self.array == other.array
    }
}

impl fmt::Display for PgType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(namespace) = &self.namespace {
            write!(f, "{namespace}.")?;
        }
        match (&self.modifier, split_time_zone(&self.name)) {
            (Some(modifier), Some((base, zone))) => write!(f, "{base}({modifier}) {zone}")?,
            (Some(modifier), None) => write!(f, "{}({modifier})", self.shown_name())?,
            (None, _) => write!(f, "{}", self.shown_name())?,
        }
        f.write_str(if self.array { "[]" } else { "" })
    }
}

impl PgType {
    /// Names that the grammar knows keep their spaces; every other name is an identifier.
    fn shown_name(&self) -> String {
        let internal_bit = self.name == "bit" && self.modifier.is_none();
        if self.namespace.is_none() && is_grammar_name(&self.name) && !internal_bit {
            self.name.clone()
        } else {
            Ident::new(self.name.clone()).to_string()
        }
    }
}

/// Why a text is no type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PgTypeError {
    /// Nothing there.
    #[error("the type is empty")]
    Empty,
    /// A quote or parenthesis without its partner.
    #[error("`{0}` has no end in the type")]
    Unclosed(char),
    /// Something after the end of the type.
    #[error("`{0}` does not belong to a type")]
    Trailing(String),
}

/// Types whose name is spelled by the grammar, with words that are keywords (manual table 8.1).
fn is_grammar_name(name: &str) -> bool {
    matches!(
        name,
        "bigint"
            | "bit"
            | "bit varying"
            | "boolean"
            | "character"
            | "character varying"
            | "double precision"
            | "integer"
            | "numeric"
            | "real"
            | "smallint"
            | "time without time zone"
            | "time with time zone"
            | "timestamp without time zone"
            | "timestamp with time zone"
            | "interval"
    ) || name.starts_with("interval ")
}

fn split_time_zone(name: &str) -> Option<(&str, &str)> {
    let at = name.find(" with")?;
    name.ends_with(" time zone").then(|| (&name[..at], &name[at + 1..]))
}

/// The canonical name of an alias.
fn canonical(name: &str) -> &str {
    match name {
        "int" | "int4" => "integer",
        "int2" => "smallint",
        "int8" => "bigint",
        "float4" => "real",
        "float8" | "float" => "double precision",
        "decimal" | "dec" => "numeric",
        "bool" => "boolean",
        "varchar" | "char varying" => "character varying",
        "char" => "character",
        "varbit" => "bit varying",
        "time" => "time without time zone",
        "timetz" => "time with time zone",
        "timestamp" => "timestamp without time zone",
        "timestamptz" => "timestamp with time zone",
        other => other,
    }
}

/// The modifier that a spelling implies: `char` is `char(1)`, `numeric(10)` is `numeric(10,0)`,
/// `float(24)` is `real` (manual sections 8.1 and 8.3).
fn implied_modifier(name: &mut String, modifier: Option<String>) -> Option<String> {
    match (name.as_str(), modifier) {
        ("character" | "bit", None) => Some("1".to_owned()),
        ("numeric", Some(precision)) if !precision.contains(',') => Some(format!("{precision},0")),
        ("double precision", Some(bits)) => {
            if bits.parse::<u8>().is_ok_and(|it| it <= 24) {
                *name = "real".to_owned();
            }
            None
        }
        (_, modifier) => modifier,
    }
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        Self { rest: text.trim() }
    }

    fn read(mut self) -> Result<PgType, PgTypeError> {
        if self.rest.is_empty() {
            return Err(PgTypeError::Empty);
        }
        let (mut first, mut quoted) = self.word()?;
        let mut namespace = None;
        if let Some(rest) = self.rest.strip_prefix('.') {
            self.rest = rest.trim_start();
            namespace = Some(first);
            (first, quoted) = self.word()?;
        }
        let mut name = first;
        let mut modifier = self.modifier()?;
        if !quoted && namespace.is_none() {
            while self.rest.starts_with(|it: char| it.is_ascii_alphabetic()) {
                let (word, _) = self.word()?;
                name.push(' ');
                name.push_str(&word);
                modifier = match self.modifier()? {
                    Some(found) => Some(found),
                    None => modifier,
                };
            }
            name = canonical(&name).to_owned();
        }
        let array = self.brackets()?;
        if !self.rest.is_empty() {
            return Err(PgTypeError::Trailing(self.rest.to_owned()));
        }
        let namespace = namespace.filter(|it| it != PUBLIC && it != "pg_catalog");
        if !quoted {
            modifier = implied_modifier(&mut name, modifier);
        }
        Ok(PgType { namespace: namespace.map(Ident::new), name, modifier, array })
    }

    /// One identifier, and whether it stood in quotes.
    fn word(&mut self) -> Result<(String, bool), PgTypeError> {
        if let Some(rest) = self.rest.strip_prefix('"') {
            let mut name = String::new();
            let mut chars = rest.char_indices().peekable();
            while let Some((at, it)) = chars.next() {
                if it != '"' {
                    name.push(it);
                } else if chars.next_if(|next| next.1 == '"').is_some() {
                    name.push('"');
                } else {
                    self.rest = rest[at + 1..].trim_start();
                    return Ok((name, true));
                }
            }
            return Err(PgTypeError::Unclosed('"'));
        }
        let end = self
            .rest
            .find(|it: char| !(it.is_alphanumeric() || it == '_' || it == '$'))
            .unwrap_or(self.rest.len());
        if end == 0 {
            return Err(PgTypeError::Trailing(self.rest.to_owned()));
        }
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest.trim_start();
        Ok((word.to_lowercase(), false))
    }

    fn modifier(&mut self) -> Result<Option<String>, PgTypeError> {
        let Some(rest) = self.rest.strip_prefix('(') else { return Ok(None) };
        let end = rest.find(')').ok_or(PgTypeError::Unclosed('('))?;
        let modifier = rest[..end].split(',').map(str::trim).collect::<Vec<_>>().join(",");
        self.rest = rest[end + 1..].trim_start();
        Ok(Some(modifier))
    }

    fn brackets(&mut self) -> Result<bool, PgTypeError> {
        let mut array = false;
        while let Some(rest) = self.rest.strip_prefix('[') {
            let end = rest.find(']').ok_or(PgTypeError::Unclosed('['))?;
            if !rest[..end].trim().bytes().all(|it| it.is_ascii_digit()) {
                return Err(PgTypeError::Trailing(self.rest.to_owned()));
            }
            self.rest = rest[end + 1..].trim_start();
            array = true;
        }
        Ok(array)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(written: &str, printed: &str) {
        let read = PgType::parse(written).expect("a type");
        assert_eq!(read.to_string(), printed);
        assert_eq!(PgType::parse(printed), Ok(read), "a printed type is read again");
    }

    #[test]
    fn aliases_become_the_printed_form() {
        check("int4", "integer");
        check("timestamptz", "timestamp with time zone");
        check("timestamptz(2)[]", "timestamp(2) with time zone[]");
        check("timestamp(3) without time zone", "timestamp(3) without time zone");
        check("VARCHAR(20)[][]", "character varying(20)[]");
        check("interval day to second (3)", "interval day to second(3)");
        check("numeric( 10, 2 )", "numeric(10,2)");
        check("numeric(10)", "numeric(10,0)");
        check("float(24)", "real");
        check("char", "character(1)");
        check("\"char\"", "\"char\"");
        check("\"bit\"", "\"bit\"");
        check("bpchar", "bpchar");
    }

    #[test]
    fn extension_types_keep_their_namespace_off_the_path() {
        check("vector(1536)", "vector(1536)");
        check("public.vector(1536)", "vector(1536)");
        check("extensions.vector(3)", "extensions.vector(3)");
        check("\"My Types\".\"Mood\"", "\"My Types\".\"Mood\"");
    }

    #[test]
    fn nonsense_is_refused() {
        assert_eq!(PgType::parse(""), Err(PgTypeError::Empty));
        assert_eq!(PgType::parse("vector(3"), Err(PgTypeError::Unclosed('(')));
        assert_eq!(PgType::parse("text; drop"), Err(PgTypeError::Trailing("; drop".to_owned())));
    }

    #[test]
    fn without_a_modifier_a_type_is_of_any_length() {
        let bare = |text: &str| PgType::parse(text).expect("a type").without_modifier();
        for (text, expected) in [
            ("bit", "bit"),
            ("bit(3)", "bit"),
            ("\"bit\"", "bit"),
            ("bit[]", "bit[]"),
            ("bit varying(5)", "bit varying"),
            ("char(3)", "character"),
            ("bpchar", "character"),
            ("\"char\"", "\"char\""),
            ("interval hour to minute", "interval"),
            ("timestamp(3)", "timestamp without time zone"),
            ("extensions.vector(3)", "extensions.vector"),
        ] {
            assert_eq!(bare(text), expected, "{text}");
        }
    }
}
