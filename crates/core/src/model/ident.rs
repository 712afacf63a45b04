//! Names: SQL identifiers, quoting, and the names that PostgreSQL generates.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Longest identifier in bytes that PostgreSQL keeps (NAMEDATALEN - 1, manual section 4.1.1).
pub const MAX_IDENT_BYTES: usize = 63;

/// The namespace that is on the search path when aludel reads or runs SQL, so its names stay bare.
pub const PUBLIC: &str = "public";

/// An SQL identifier as the catalog stores it: unquoted, case kept.
///
/// `Display` writes it as SQL, with double quotes where PostgreSQL's `quote_ident` puts them.
///
/// A table's name stands in the identity of everything that belongs to the table, so copies share it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ident(Arc<str>);

impl Ident {
    /// Takes a name as the catalog stores it.
    pub fn new(name: impl Into<Arc<str>>) -> Self {
        Self(name.into())
    }

    /// The name without quotes.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The identifier `public`.
    #[must_use]
    pub fn public() -> Self {
        Self::new(PUBLIC)
    }
}

impl From<&str> for Ident {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

impl Serialize for Ident {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Ident {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

/// What identifies an object beside its name, printed after the name as it is: `(integer, text)`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Signature(Arc<str>);

impl Signature {
    /// Takes the text as PostgreSQL prints it.
    pub fn new(text: impl Into<Arc<str>>) -> Self {
        Self(text.into())
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Signature {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Signature {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

impl fmt::Display for Ident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if is_plain(&self.0) {
            f.write_str(&self.0)
        } else {
            write!(f, "\"{}\"", self.0.replace('"', "\"\""))
        }
    }
}

/// Whether a name needs no double quotes: lower case, and not a keyword that is more than unreserved.
fn is_plain(name: &str) -> bool {
    let mut bytes = name.bytes();
    let starts_well = bytes.next().is_some_and(|it| it.is_ascii_lowercase() || it == b'_');
    starts_well
        && bytes.all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'_')
        && QUOTED_KEYWORDS.binary_search(&name).is_err()
}

/// A name with its namespace. `Display` leaves `public` out, because it is on the search path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct QualifiedName {
    /// The namespace (what SQL calls a schema).
    pub namespace: Ident,
    /// The name inside the namespace.
    pub name: Ident,
}

impl QualifiedName {
    /// Whether a name in a statement, without its quotes, may be this one: without a schema it is looked for on a
    /// search path.
    #[must_use]
    pub fn is_written(&self, written: &str) -> bool {
        let (namespace, name) = (self.namespace.as_str(), self.name.as_str());
        let qualified = || written.strip_prefix(namespace)?.strip_prefix('.');
        written == name || qualified() == Some(name)
    }

    /// Puts the two parts together.
    pub fn new(namespace: impl Into<Ident>, name: impl Into<Ident>) -> Self {
        Self { namespace: namespace.into(), name: name.into() }
    }

    /// Another name in the same namespace.
    #[must_use]
    pub fn sibling(&self, name: Ident) -> Self {
        Self { namespace: self.namespace.clone(), name }
    }
}

impl fmt::Display for QualifiedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.namespace.as_str() != PUBLIC {
            write!(f, "{}.", self.namespace)?;
        }
        write!(f, "{}", self.name)
    }
}

/// A name that a server has printed with its schema, as [`QualifiedName`] is shown: without `public`.
#[must_use]
pub fn without_public(printed: &str) -> &str {
    printed.strip_prefix("public.").unwrap_or(printed)
}

/// The name that PostgreSQL makes from a relation, a column and a label (`makeObjectName` in the
/// server's `indexcmds.c`): joined by underscores, the longer of the two first parts cut, byte by
/// byte, until the whole fits in 63 bytes.
#[must_use]
pub fn object_name(relation: &str, column: Option<&str>, label: &str) -> Ident {
    let overhead = 1 + label.len() + usize::from(column.is_some());
    let available = MAX_IDENT_BYTES.saturating_sub(overhead);
    let (mut first, mut second) = (relation.len(), column.map_or(0, str::len));
    while first + second > available {
        if first > second {
            first -= 1;
        } else {
            second -= 1;
        }
    }
    let mut name = clip(relation, first).to_owned();
    if let Some(column) = column {
        name.push('_');
        name.push_str(clip(column, second));
    }
    name.push('_');
    name.push_str(label);
    Ident::new(name)
}

/// Whether PostgreSQL makes such a name up: the plain one, or one with a number, where the plain one was
/// taken (`ChooseRelationName` and `ChooseConstraintName` in the server).
#[must_use]
pub fn is_generated_name(name: &str, first: &str, second: Option<&str>, label: &str) -> bool {
    let number = trailing_number(name);
    object_name(first, second, &format!("{label}{number}")).as_str() == name
}

/// The digits that a name ends in.
#[must_use]
pub fn trailing_number(name: &str) -> &str {
    &name[name.trim_end_matches(|it: char| it.is_ascii_digit()).len()..]
}

/// The longest prefix of at most `limit` bytes that ends between two characters.
fn clip(text: &str, limit: usize) -> &str {
    let mut end = limit.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Keywords that `quote_ident` quotes: every category of `pg_get_keywords()` but `U`, sorted
/// (PostgreSQL 13 to 18 together; quoting one too many is harmless).
const QUOTED_KEYWORDS: &[&str] = &[
    "all",
    "analyse",
    "analyze",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "asymmetric",
    "authorization",
    "between",
    "bigint",
    "binary",
    "bit",
    "boolean",
    "both",
    "case",
    "cast",
    "char",
    "character",
    "check",
    "coalesce",
    "collate",
    "collation",
    "column",
    "concurrently",
    "constraint",
    "create",
    "cross",
    "current_catalog",
    "current_date",
    "current_role",
    "current_schema",
    "current_time",
    "current_timestamp",
    "current_user",
    "dec",
    "decimal",
    "default",
    "deferrable",
    "desc",
    "distinct",
    "do",
    "else",
    "end",
    "except",
    "exists",
    "extract",
    "false",
    "fetch",
    "float",
    "for",
    "foreign",
    "freeze",
    "from",
    "full",
    "grant",
    "greatest",
    "group",
    "grouping",
    "having",
    "ilike",
    "in",
    "initially",
    "inner",
    "inout",
    "int",
    "integer",
    "intersect",
    "interval",
    "into",
    "is",
    "isnull",
    "join",
    "json_array",
    "json_arrayagg",
    "json_object",
    "json_objectagg",
    "lateral",
    "leading",
    "least",
    "left",
    "like",
    "limit",
    "localtime",
    "localtimestamp",
    "national",
    "natural",
    "nchar",
    "none",
    "normalize",
    "not",
    "notnull",
    "null",
    "nullif",
    "numeric",
    "offset",
    "on",
    "only",
    "or",
    "order",
    "out",
    "outer",
    "overlaps",
    "overlay",
    "placing",
    "position",
    "precision",
    "primary",
    "real",
    "references",
    "returning",
    "right",
    "row",
    "select",
    "session_user",
    "setof",
    "similar",
    "smallint",
    "some",
    "substring",
    "symmetric",
    "system_user",
    "table",
    "tablesample",
    "then",
    "time",
    "timestamp",
    "to",
    "trailing",
    "treat",
    "trim",
    "true",
    "union",
    "unique",
    "user",
    "using",
    "values",
    "varchar",
    "variadic",
    "verbose",
    "when",
    "where",
    "window",
    "with",
    "xmlattributes",
    "xmlconcat",
    "xmlelement",
    "xmlexists",
    "xmlforest",
    "xmlnamespaces",
    "xmlparse",
    "xmlpi",
    "xmlroot",
    "xmlserialize",
    "xmltable",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_only_where_needed() {
        let shown = |name: &str| Ident::new(name).to_string();
        assert_eq!(shown("documents"), "documents");
        assert_eq!(shown("Documents"), "\"Documents\"");
        assert_eq!(shown("order"), "\"order\"");
        assert_eq!(shown("a\"b"), "\"a\"\"b\"");
        assert_eq!(shown(""), "\"\"");
        assert_eq!(shown("9lives"), "\"9lives\"");
    }

    #[test]
    fn keywords_are_sorted() {
        assert!(QUOTED_KEYWORDS.is_sorted());
    }

    #[test]
    fn public_stays_bare() {
        assert_eq!(QualifiedName::new("public", "users").to_string(), "users");
        assert_eq!(QualifiedName::new("billing", "user").to_string(), "billing.\"user\"");
    }

    #[test]
    fn long_names_are_cut_as_the_server_does() {
        let name = object_name(
            "tttttttttttttttttttttttttttttt",
            Some("aaaaaaaaaaaaaaaaaaaaaaaaaaaa_x"),
            "check",
        );
        assert_eq!(name.as_str(), format!("{}_{}_check", "t".repeat(28), "a".repeat(28)));
        assert_eq!(object_name("é".repeat(40).as_str(), None, "pkey").as_str().len(), 63);
    }
}
