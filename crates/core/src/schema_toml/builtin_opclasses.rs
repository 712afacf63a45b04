//! The default operator classes of the server's own types and access methods (`pg_opclass` with
//! `opcdefault`, PostgreSQL 13 to 18).

use crate::model::pg_type::PgType;

/// Access method, type, operator class; sorted.
const DEFAULTS: &[(&str, &str, &str)] = &[
    ("brin", "anyrange", "range_inclusion_ops"),
    ("brin", "bigint", "int8_minmax_ops"),
    ("brin", "bit", "bit_minmax_ops"),
    ("brin", "bit varying", "varbit_minmax_ops"),
    ("brin", "box", "box_inclusion_ops"),
    ("brin", "bytea", "bytea_minmax_ops"),
    ("brin", "char", "char_minmax_ops"),
    ("brin", "character", "bpchar_minmax_ops"),
    ("brin", "date", "date_minmax_ops"),
    ("brin", "double precision", "float8_minmax_ops"),
    ("brin", "inet", "inet_inclusion_ops"),
    ("brin", "integer", "int4_minmax_ops"),
    ("brin", "interval", "interval_minmax_ops"),
    ("brin", "macaddr", "macaddr_minmax_ops"),
    ("brin", "macaddr8", "macaddr8_minmax_ops"),
    ("brin", "name", "name_minmax_ops"),
    ("brin", "numeric", "numeric_minmax_ops"),
    ("brin", "oid", "oid_minmax_ops"),
    ("brin", "pg_lsn", "pg_lsn_minmax_ops"),
    ("brin", "real", "float4_minmax_ops"),
    ("brin", "smallint", "int2_minmax_ops"),
    ("brin", "text", "text_minmax_ops"),
    ("brin", "tid", "tid_minmax_ops"),
    ("brin", "time with time zone", "timetz_minmax_ops"),
    ("brin", "time without time zone", "time_minmax_ops"),
    ("brin", "timestamp with time zone", "timestamptz_minmax_ops"),
    ("brin", "timestamp without time zone", "timestamp_minmax_ops"),
    ("brin", "uuid", "uuid_minmax_ops"),
    ("btree", "anyarray", "array_ops"),
    ("btree", "anyenum", "enum_ops"),
    ("btree", "anymultirange", "multirange_ops"),
    ("btree", "anyrange", "range_ops"),
    ("btree", "bigint", "int8_ops"),
    ("btree", "bit", "bit_ops"),
    ("btree", "bit varying", "varbit_ops"),
    ("btree", "boolean", "bool_ops"),
    ("btree", "bytea", "bytea_ops"),
    ("btree", "char", "char_ops"),
    ("btree", "character", "bpchar_ops"),
    ("btree", "date", "date_ops"),
    ("btree", "double precision", "float8_ops"),
    ("btree", "inet", "inet_ops"),
    ("btree", "integer", "int4_ops"),
    ("btree", "interval", "interval_ops"),
    ("btree", "jsonb", "jsonb_ops"),
    ("btree", "macaddr", "macaddr_ops"),
    ("btree", "macaddr8", "macaddr8_ops"),
    ("btree", "money", "money_ops"),
    ("btree", "name", "name_ops"),
    ("btree", "numeric", "numeric_ops"),
    ("btree", "oid", "oid_ops"),
    ("btree", "pg_lsn", "pg_lsn_ops"),
    ("btree", "real", "float4_ops"),
    ("btree", "smallint", "int2_ops"),
    ("btree", "text", "text_ops"),
    ("btree", "tid", "tid_ops"),
    ("btree", "time with time zone", "timetz_ops"),
    ("btree", "time without time zone", "time_ops"),
    ("btree", "timestamp with time zone", "timestamptz_ops"),
    ("btree", "timestamp without time zone", "timestamp_ops"),
    ("btree", "tsquery", "tsquery_ops"),
    ("btree", "tsvector", "tsvector_ops"),
    ("btree", "uuid", "uuid_ops"),
    ("btree", "xid8", "xid8_ops"),
    ("gin", "anyarray", "array_ops"),
    ("gin", "jsonb", "jsonb_ops"),
    ("gin", "tsvector", "tsvector_ops"),
    ("gist", "anymultirange", "multirange_ops"),
    ("gist", "anyrange", "range_ops"),
    ("gist", "box", "box_ops"),
    ("gist", "circle", "circle_ops"),
    ("gist", "point", "point_ops"),
    ("gist", "polygon", "poly_ops"),
    ("gist", "tsquery", "tsquery_ops"),
    ("gist", "tsvector", "tsvector_ops"),
    ("hash", "anyarray", "array_ops"),
    ("hash", "anyenum", "enum_ops"),
    ("hash", "anymultirange", "multirange_ops"),
    ("hash", "anyrange", "range_ops"),
    ("hash", "bigint", "int8_ops"),
    ("hash", "boolean", "bool_ops"),
    ("hash", "bytea", "bytea_ops"),
    ("hash", "char", "char_ops"),
    ("hash", "character", "bpchar_ops"),
    ("hash", "date", "date_ops"),
    ("hash", "double precision", "float8_ops"),
    ("hash", "inet", "inet_ops"),
    ("hash", "integer", "int4_ops"),
    ("hash", "interval", "interval_ops"),
    ("hash", "jsonb", "jsonb_ops"),
    ("hash", "macaddr", "macaddr_ops"),
    ("hash", "macaddr8", "macaddr8_ops"),
    ("hash", "name", "name_ops"),
    ("hash", "numeric", "numeric_ops"),
    ("hash", "oid", "oid_ops"),
    ("hash", "pg_lsn", "pg_lsn_ops"),
    ("hash", "real", "float4_ops"),
    ("hash", "smallint", "int2_ops"),
    ("hash", "text", "text_ops"),
    ("hash", "tid", "tid_ops"),
    ("hash", "time with time zone", "timetz_ops"),
    ("hash", "time without time zone", "time_ops"),
    ("hash", "timestamp with time zone", "timestamptz_ops"),
    ("hash", "timestamp without time zone", "timestamp_ops"),
    ("hash", "uuid", "uuid_ops"),
    ("hash", "xid", "xid_ops"),
    ("hash", "xid8", "xid8_ops"),
    ("spgist", "anyrange", "range_ops"),
    ("spgist", "box", "box_ops"),
    ("spgist", "inet", "inet_ops"),
    ("spgist", "point", "quad_point_ops"),
    ("spgist", "polygon", "poly_ops"),
    ("spgist", "text", "text_ops"),
];

/// What is known of a default operator class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DefaultOpclass {
    /// This one.
    Is(&'static str),
    /// The type has none in the access method, unless an extension adds one.
    Missing,
}

/// The default operator class of one of the server's own types in one of its own access methods.
pub(super) fn default_opclass(method: &str, data_type: &PgType) -> DefaultOpclass {
    find(method, family(data_type)).map_or(DefaultOpclass::Missing, DefaultOpclass::Is)
}

/// The default operator class of an enum.
pub(super) fn enum_default_opclass(method: &str) -> DefaultOpclass {
    find(method, "anyenum").map_or(DefaultOpclass::Missing, DefaultOpclass::Is)
}

fn find(method: &str, data_type: &str) -> Option<&'static str> {
    let at = DEFAULTS.binary_search_by(|(m, t, _)| (*m, *t).cmp(&(method, data_type))).ok()?;
    Some(DEFAULTS[at].2)
}

/// The type whose operator classes a type uses: itself, or the one that it is binary-coercible to,
/// or the polymorphic one.
fn family(data_type: &PgType) -> &str {
    let name = data_type.name.as_str();
    match name {
        _ if data_type.array => "anyarray",
        "character varying" => "text",
        "bpchar" => "character",
        "cidr" => "inet",
        _ if name.starts_with("interval ") => "interval",
        _ if name.starts_with("reg") => "oid",
        _ if name.ends_with("multirange") => "anymultirange",
        _ if name.ends_with("range") => "anyrange",
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(method: &str, data_type: &str, expected: DefaultOpclass) {
        let data_type = PgType::parse(data_type).expect("a type");
        assert_eq!(default_opclass(method, &data_type), expected);
    }

    #[test]
    fn the_table_is_sorted() {
        assert!(DEFAULTS.is_sorted());
    }

    #[test]
    fn types_share_operator_classes() {
        check("btree", "varchar(20)", DefaultOpclass::Is("text_ops"));
        check("btree", "int4", DefaultOpclass::Is("int4_ops"));
        check("gin", "text[]", DefaultOpclass::Is("array_ops"));
        check("gist", "tstzrange", DefaultOpclass::Is("range_ops"));
        check("gist", "tstzmultirange", DefaultOpclass::Is("multirange_ops"));
        check("btree", "cidr", DefaultOpclass::Is("inet_ops"));
    }

    #[test]
    fn some_types_have_none() {
        check("btree", "json", DefaultOpclass::Missing);
        check("gin", "text", DefaultOpclass::Missing);
        check("hash", "bit(3)", DefaultOpclass::Missing);
    }
}
