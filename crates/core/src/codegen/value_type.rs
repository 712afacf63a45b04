//! The types of column values, as far as code distinguishes them.

use crate::model::Schema;
use crate::model::base_type::BaseType;
use crate::model::definition::DefinedKind;
use crate::model::domain::Domain;
use crate::model::ident::{Ident, QualifiedName};
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::model::pg_type::{PgType, VectorType};

/// What a value is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ValueType {
    Builtin(Builtin),
    /// `numeric`, with precision and scale where they are bounded.
    Numeric(Option<(u32, i32)>),
    /// `bit(n)`.
    Bit(u64),
    /// A type of pgvector, with its dimensions where they are bounded.
    Vector(VectorType, Option<u64>),
    /// `int4range` and its kin; the type of the bounds.
    Range(RangeOf),
    Enum(QualifiedName),
    Composite(QualifiedName),
    /// A domain over another type.
    Domain(QualifiedName, Box<ValueType>),
    Array(Box<ValueType>),
    /// Known to code by its text only.
    Text(&'static str),
}

/// Types of PostgreSQL and its extensions that both languages have a type for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Builtin {
    Bool,
    Int2,
    Int4,
    Int8,
    Oid,
    Float4,
    Float8,
    Text,
    Varchar,
    Bpchar,
    Name,
    Citext,
    /// `"char"`, one byte.
    InternalChar,
    Bytea,
    Date,
    Time,
    Timetz,
    Timestamp,
    Timestamptz,
    Interval,
    Uuid,
    Json,
    Jsonb,
    Inet,
    Cidr,
    Macaddr,
    Varbit,
    Tsvector,
    Hstore,
    Point,
    Box,
    Path,
}

/// What a range has as its bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum RangeOf {
    Int4,
    Int8,
    Numeric,
    Date,
    Timestamp,
    Timestamptz,
}

const BUILTINS: &[(&str, Builtin)] = &[
    ("boolean", Builtin::Bool),
    ("smallint", Builtin::Int2),
    ("integer", Builtin::Int4),
    ("bigint", Builtin::Int8),
    ("oid", Builtin::Oid),
    ("real", Builtin::Float4),
    ("double precision", Builtin::Float8),
    ("text", Builtin::Text),
    ("character varying", Builtin::Varchar),
    ("character", Builtin::Bpchar),
    ("name", Builtin::Name),
    ("citext", Builtin::Citext),
    ("char", Builtin::InternalChar),
    ("bytea", Builtin::Bytea),
    ("date", Builtin::Date),
    ("time without time zone", Builtin::Time),
    ("time with time zone", Builtin::Timetz),
    ("timestamp without time zone", Builtin::Timestamp),
    ("timestamp with time zone", Builtin::Timestamptz),
    ("interval", Builtin::Interval),
    ("uuid", Builtin::Uuid),
    ("json", Builtin::Json),
    ("jsonb", Builtin::Jsonb),
    ("inet", Builtin::Inet),
    ("cidr", Builtin::Cidr),
    ("macaddr", Builtin::Macaddr),
    ("bit varying", Builtin::Varbit),
    ("tsvector", Builtin::Tsvector),
    ("hstore", Builtin::Hstore),
    ("point", Builtin::Point),
    ("box", Builtin::Box),
    ("path", Builtin::Path),
];

const RANGES: &[(&str, RangeOf)] = &[
    ("int4range", RangeOf::Int4),
    ("int8range", RangeOf::Int8),
    ("numrange", RangeOf::Numeric),
    ("daterange", RangeOf::Date),
    ("tsrange", RangeOf::Timestamp),
    ("tstzrange", RangeOf::Timestamptz),
];

/// Types that code carries as text, converted by the server.
const TEXTS: &[&str] = &[
    "aclitem",
    "bpchar",
    "cid",
    "circle",
    "cube",
    "datemultirange",
    "ean13",
    "earth",
    "geography",
    "geometry",
    "int4multirange",
    "int8multirange",
    "isbn",
    "isbn13",
    "jsonpath",
    "line",
    "lquery",
    "lseg",
    "ltree",
    "ltxtquery",
    "macaddr8",
    "money",
    "nummultirange",
    "pg_lsn",
    "pg_snapshot",
    "polygon",
    "refcursor",
    "regclass",
    "regcollation",
    "regconfig",
    "regdictionary",
    "regnamespace",
    "regoper",
    "regoperator",
    "regproc",
    "regprocedure",
    "regrole",
    "regtype",
    "seg",
    "tid",
    "tsmultirange",
    "tsquery",
    "tstzmultirange",
    "txid_snapshot",
    "xid",
    "xid8",
    "xml",
];

/// Those of them that extensions have.
const EXTENSION_TEXTS: &[&str] = &[
    "cube",
    "ean13",
    "earth",
    "geography",
    "geometry",
    "isbn",
    "isbn13",
    "lquery",
    "ltree",
    "ltxtquery",
    "seg",
];

/// How deep domains over domains and arrays of them are followed.
const DEPTH: usize = 16;

/// What the values of a type are; none where nothing is known of it.
pub(super) fn value_type(schema: &Schema, data_type: &PgType) -> Option<ValueType> {
    resolve(schema, data_type, DEPTH)
}

fn resolve(schema: &Schema, data_type: &PgType, depth: usize) -> Option<ValueType> {
    if depth == 0 {
        return None;
    }
    if data_type.array {
        let element = resolve(schema, &data_type.element(), depth - 1)?;
        return Some(ValueType::Array(Box::new(element)));
    }
    // PostgreSQL prints what is in `pg_catalog` and what is in `public` alike, but finds the former.
    let own = data_type.namespace.is_none().then(|| known(data_type)).flatten();
    let own = own.filter(|it| !it.is_of_extension());
    own.or_else(|| of_schema(schema, data_type, depth)).or_else(|| known(data_type))
}

/// The types that a schema has objects for.
fn of_schema(schema: &Schema, data_type: &PgType, depth: usize) -> Option<ValueType> {
    let name = object_name_of(data_type);
    let object = |kind| schema.get(&ObjectId::named(kind, &name));
    if object(ObjectKind::Enum).is_some() {
        return Some(ValueType::Enum(name));
    }
    if object(ObjectKind::Composite).is_some() || schema.table(&name).is_some() {
        return Some(ValueType::Composite(name));
    }
    if let Some(Object::Domain(domain)) = object(ObjectKind::Domain) {
        let base = resolve(schema, &domain.data_type, depth - 1)?;
        return Some(ValueType::Domain(name, Box::new(base)));
    }
    // A range type of the user's own is text to code, as every multirange is.
    object(ObjectKind::Defined(DefinedKind::RangeType)).map(|_| ValueType::Text("range"))
}

/// The types of PostgreSQL and of extensions, which are known by their names.
fn known(data_type: &PgType) -> Option<ValueType> {
    let name = data_type.name.as_str();
    if let Some(vector) = data_type.vector_type().filter(|it| *it != VectorType::Bit) {
        return Some(ValueType::Vector(vector, data_type.length()));
    }
    match BaseType::named(name) {
        Some(BaseType::Numeric) => {
            return Some(ValueType::Numeric(data_type.modifier.as_deref().and_then(precision)));
        }
        Some(BaseType::Bit) => return Some(ValueType::Bit(data_type.length().unwrap_or(1))),
        Some(BaseType::IntervalFields) => return Some(ValueType::Builtin(Builtin::Interval)),
        _ => {}
    }
    if let Some((_, it)) = BUILTINS.iter().find(|(known, _)| *known == name) {
        return Some(ValueType::Builtin(*it));
    }
    if let Some((_, it)) = RANGES.iter().find(|(known, _)| *known == name) {
        return Some(ValueType::Range(*it));
    }
    TEXTS.iter().find(|it| **it == name).map(|it| ValueType::Text(it))
}

/// A type below its domains as a cast in SQL spells it: with its schema, since what `search_path` says
/// is not known to code, and without a modifier that would cut values short.
pub(super) fn bare_type(schema: &Schema, data_type: &PgType) -> String {
    if data_type.array {
        return format!("{}[]", bare_type(schema, &data_type.element()));
    }
    let name = object_name_of(data_type);
    if let Some(Object::Domain(domain)) = schema.get(&ObjectId::named(ObjectKind::Domain, &name)) {
        return bare_type(schema, &domain.data_type);
    }
    let known = data_type.namespace.is_none().then(|| known(data_type)).flatten();
    let builtin = known.is_some_and(|it| !it.is_of_extension());
    if !builtin && of_schema(schema, data_type, 1).is_some() {
        return format!("{}.{}", name.namespace, name.name);
    }
    match BaseType::named(&data_type.name) {
        // `character` alone is one character, and its other name has no such limit. So is `bit`.
        Some(BaseType::Character) => "bpchar".to_owned(),
        Some(BaseType::Bit) => data_type.to_string(),
        Some(BaseType::IntervalFields) => "interval".to_owned(),
        _ => PgType { modifier: None, ..data_type.clone() }.to_string(),
    }
}

/// The name that an object of a schema has if it is this type.
fn object_name_of(data_type: &PgType) -> QualifiedName {
    let namespace = data_type.namespace.clone().unwrap_or_else(Ident::public);
    QualifiedName::new(namespace, Ident::new(data_type.name.as_str()))
}

/// What a domain says besides its type: whether it forbids NULL, and whether it has a default.
pub(super) fn domain_of<'s>(schema: &'s Schema, data_type: &PgType) -> Option<&'s Domain> {
    if data_type.array {
        return None;
    }
    let id = ObjectId::named(ObjectKind::Domain, &object_name_of(data_type));
    match schema.get(&id) {
        Some(Object::Domain(it)) => Some(it),
        _ => None,
    }
}

fn precision(modifier: &str) -> Option<(u32, i32)> {
    let (precision, scale) = modifier.split_once(',')?;
    Some((precision.trim().parse().ok()?, scale.trim().parse().ok()?))
}

impl ValueType {
    /// The type below all domains.
    pub(super) fn base(&self) -> &Self {
        match self {
            Self::Domain(_, base) => base.base(),
            other => other,
        }
    }

    /// Whether an extension has it, and so no schema like any other.
    fn is_of_extension(&self) -> bool {
        match self {
            Self::Vector(..) | Self::Builtin(Builtin::Citext | Builtin::Hstore) => true,
            Self::Text(name) => EXTENSION_TEXTS.contains(name),
            _ => false,
        }
    }

    /// Whether it is a vector of pgvector's.
    pub(super) fn is_vector(&self) -> bool {
        matches!(self.base(), Self::Vector(..))
    }

    /// Whether it is made for the server's own use and left out of rows.
    pub(super) fn is_tsvector(&self) -> bool {
        matches!(self.base(), Self::Builtin(Builtin::Tsvector))
    }

    /// Whether rows can be put in the order of time by it.
    pub(super) fn is_time(&self) -> bool {
        let times = [Builtin::Date, Builtin::Timestamp, Builtin::Timestamptz];
        matches!(self.base(), Self::Builtin(it) if times.contains(it))
    }

    /// The type and all that it is made of.
    pub(super) fn parts(&self) -> Vec<&Self> {
        let mut parts = vec![self];
        match self {
            Self::Domain(_, inner) | Self::Array(inner) => parts.extend(inner.parts()),
            Self::Builtin(_)
            | Self::Numeric(_)
            | Self::Bit(_)
            | Self::Vector(..)
            | Self::Range(_)
            | Self::Enum(_)
            | Self::Composite(_)
            | Self::Text(_) => {}
        }
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::SourceFile;
    use crate::schema_toml;

    #[track_caller]
    fn check(text: &str, expected: Option<ValueType>) {
        let file = SourceFile::new(
            "schema.toml",
            "[enums]\nmood = [\"a\"]\n[domains]\nemail = \"text\"\nnick = \"email\"\n",
        );
        let schema = schema_toml::parse(&[file]).expect("no mistake").schema;
        assert_eq!(value_type(&schema, &PgType::parse(text).unwrap()), expected);
    }

    #[test]
    fn types_are_found_by_name_and_object() {
        let text = || Box::new(ValueType::Builtin(Builtin::Text));
        let named = |it: &str| QualifiedName::new("public", it);
        let email = || ValueType::Domain(named("email"), text());
        check("bigint", Some(ValueType::Builtin(Builtin::Int8)));
        check("varchar(20)", Some(ValueType::Builtin(Builtin::Varchar)));
        check("numeric(10,2)", Some(ValueType::Numeric(Some((10, 2)))));
        check("numeric", Some(ValueType::Numeric(None)));
        check("vector(3)", Some(ValueType::Vector(VectorType::Vector, Some(3))));
        check("extensions.halfvec", Some(ValueType::Vector(VectorType::Halfvec, None)));
        check("bit(8)", Some(ValueType::Bit(8)));
        check("mood[]", Some(ValueType::Array(Box::new(ValueType::Enum(named("mood"))))));
        check("nick", Some(ValueType::Domain(named("nick"), Box::new(email()))));
        check("timestamptz(3)", Some(ValueType::Builtin(Builtin::Timestamptz)));
        check("tstzrange", Some(ValueType::Range(RangeOf::Timestamptz)));
        check("money", Some(ValueType::Text("money")));
        check("made_by_us", None);
    }

    #[test]
    fn the_list_is_sorted() {
        assert!(TEXTS.is_sorted());
    }
}
