//! The types of every PostgreSQL server (`pg_type` in `pg_catalog`, 13 to 18), and their
//! properties.

use crate::model::base_type::BaseType;
use crate::model::column::Storage;
use crate::model::pg_type::PgType;

/// The types by the name that `format_type` prints, with their own storage (`typstorage`); sorted.
const TYPES: &[(&str, Storage)] = &[
    ("aclitem", Storage::Plain),
    ("bigint", Storage::Plain),
    ("bit", Storage::Extended),
    ("bit varying", Storage::Extended),
    ("boolean", Storage::Plain),
    ("box", Storage::Plain),
    ("bpchar", Storage::Extended),
    ("bytea", Storage::Extended),
    ("char", Storage::Plain),
    ("character", Storage::Extended),
    ("character varying", Storage::Extended),
    ("cid", Storage::Plain),
    ("cidr", Storage::Main),
    ("circle", Storage::Plain),
    ("date", Storage::Plain),
    ("datemultirange", Storage::Extended),
    ("daterange", Storage::Extended),
    ("double precision", Storage::Plain),
    ("gtsvector", Storage::Plain),
    ("inet", Storage::Main),
    ("int2vector", Storage::Plain),
    ("int4multirange", Storage::Extended),
    ("int4range", Storage::Extended),
    ("int8multirange", Storage::Extended),
    ("int8range", Storage::Extended),
    ("integer", Storage::Plain),
    ("interval", Storage::Plain),
    ("json", Storage::Extended),
    ("jsonb", Storage::Extended),
    ("jsonpath", Storage::Extended),
    ("line", Storage::Plain),
    ("lseg", Storage::Plain),
    ("macaddr", Storage::Plain),
    ("macaddr8", Storage::Plain),
    ("money", Storage::Plain),
    ("name", Storage::Plain),
    ("numeric", Storage::Main),
    ("nummultirange", Storage::Extended),
    ("numrange", Storage::Extended),
    ("oid", Storage::Plain),
    ("oidvector", Storage::Plain),
    ("path", Storage::Extended),
    ("pg_lsn", Storage::Plain),
    ("pg_snapshot", Storage::Extended),
    ("point", Storage::Plain),
    ("polygon", Storage::Extended),
    ("real", Storage::Plain),
    ("refcursor", Storage::Extended),
    ("regclass", Storage::Plain),
    ("regcollation", Storage::Plain),
    ("regconfig", Storage::Plain),
    ("regdictionary", Storage::Plain),
    ("regnamespace", Storage::Plain),
    ("regoper", Storage::Plain),
    ("regoperator", Storage::Plain),
    ("regproc", Storage::Plain),
    ("regprocedure", Storage::Plain),
    ("regrole", Storage::Plain),
    ("regtype", Storage::Plain),
    ("smallint", Storage::Plain),
    ("text", Storage::Extended),
    ("tid", Storage::Plain),
    ("time with time zone", Storage::Plain),
    ("time without time zone", Storage::Plain),
    ("timestamp with time zone", Storage::Plain),
    ("timestamp without time zone", Storage::Plain),
    ("tsmultirange", Storage::Extended),
    ("tsquery", Storage::Plain),
    ("tsrange", Storage::Extended),
    ("tstzmultirange", Storage::Extended),
    ("tstzrange", Storage::Extended),
    ("tsvector", Storage::Extended),
    ("txid_snapshot", Storage::Extended),
    ("uuid", Storage::Plain),
    ("xid", Storage::Plain),
    ("xid8", Storage::Plain),
    ("xml", Storage::Extended),
];

/// The types that take a modifier (`typmodin`); sorted.
const WITH_MODIFIER: &[&str] = &[
    "bit",
    "bit varying",
    "bpchar",
    "character",
    "character varying",
    "interval",
    "numeric",
    "time with time zone",
    "time without time zone",
    "timestamp with time zone",
    "timestamp without time zone",
];

/// Aliases that the reader of types resolves, for "did you mean".
const ALIASES: &[&str] = &[
    "bigserial",
    "bool",
    "char",
    "decimal",
    "float",
    "float4",
    "float8",
    "int",
    "int2",
    "int4",
    "int8",
    "serial",
    "smallserial",
    "time",
    "timestamp",
    "timestamptz",
    "timetz",
    "varbit",
    "varchar",
];

/// Whether every server has this type.
pub(super) fn is_builtin(name: &str) -> bool {
    storage(name).is_some()
}

/// Whether a type that every server has takes something in parentheses.
pub(super) fn takes_modifier(name: &str) -> bool {
    WITH_MODIFIER.binary_search(&name).is_ok() || name.starts_with("interval ")
}

/// Whether a type that every server has can have a collation.
pub(super) fn is_collatable(name: &str) -> bool {
    BaseType::named(name).is_some_and(|it| it.is_text() || it == BaseType::Name)
}

/// All names of built-in types, for "did you mean".
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    TYPES.iter().map(|(name, _)| *name).chain(ALIASES.iter().copied())
}

/// The storage that a column of the type has when nothing is said, where that is known.
pub(super) fn own_storage(data_type: &PgType) -> Option<Storage> {
    if data_type.array {
        return Some(Storage::Extended);
    }
    let known = data_type.namespace.is_none().then(|| storage(&data_type.name)).flatten();
    // The storage of `vector` was `extended` before pgvector 0.6.0.
    known.or_else(|| data_type.vector_type().map(|_| Storage::External))
}

fn storage(name: &str) -> Option<Storage> {
    let name = if name.starts_with("interval ") { "interval" } else { name };
    let at = TYPES.binary_search_by_key(&name, |(name, _)| name).ok()?;
    Some(TYPES[at].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_sorted() {
        assert!(TYPES.is_sorted_by_key(|(name, _)| *name));
        assert!(WITH_MODIFIER.is_sorted());
    }
}
