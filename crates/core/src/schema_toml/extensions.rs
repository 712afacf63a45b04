//! Objects of well-known extensions that a declaration can name.
//!
//! An extension that is not in the table can have any objects; unknown names are then accepted, and
//! PostgreSQL decides.

use crate::model::pgvector::{self, VectorMethod, VectorType};

/// What an extension brings.
#[derive(Debug)]
pub(super) struct KnownExtension {
    /// `extname`.
    pub(super) name: &'static str,
    /// Its types.
    pub(super) types: &'static [&'static str],
    /// Its access methods.
    pub(super) methods: &'static [&'static str],
    /// Its operator classes, except those that are a type's default.
    pub(super) opclasses: &'static [&'static str],
    /// Whether it gives the server's own types default operator classes that they do not have
    /// without it.
    pub(super) adds_defaults: bool,
}

const fn extension(name: &'static str, types: &'static [&'static str]) -> KnownExtension {
    KnownExtension { name, types, methods: &[], opclasses: &[], adds_defaults: false }
}

/// Sorted by name.
const KNOWN: &[KnownExtension] = &[
    extension("amcheck", &[]),
    extension("autoinc", &[]),
    KnownExtension { methods: &["bloom"], adds_defaults: true, ..extension("bloom", &[]) },
    KnownExtension { adds_defaults: true, ..extension("btree_gin", &[]) },
    KnownExtension { adds_defaults: true, ..extension("btree_gist", &[]) },
    KnownExtension { opclasses: &["citext_pattern_ops"], ..extension("citext", &["citext"]) },
    extension("cube", &["cube"]),
    extension("dict_int", &[]),
    extension("earthdistance", &["earth"]),
    extension("fuzzystrmatch", &[]),
    extension("hstore", &["hstore"]),
    KnownExtension {
        opclasses: &["gin__int_ops", "gist__intbig_ops"],
        adds_defaults: true,
        ..extension("intarray", &["query_int"])
    },
    extension("isn", &["ean13", "isbn", "isbn13", "ismn", "ismn13", "issn", "issn13", "upc"]),
    extension("lo", &["lo"]),
    extension("ltree", &["lquery", "ltree", "ltxtquery"]),
    extension("moddatetime", &[]),
    extension("pg_buffercache", &[]),
    extension("pg_prewarm", &[]),
    extension("pg_stat_statements", &[]),
    KnownExtension { opclasses: &["gin_trgm_ops", "gist_trgm_ops"], ..extension("pg_trgm", &[]) },
    extension("pgcrypto", &[]),
    extension("pgrowlocks", &[]),
    extension("pgstattuple", &[]),
    extension("plpgsql", &[]),
    extension(
        "postgis",
        &["box2d", "box2df", "box3d", "geography", "geometry", "gidx", "spheroid"],
    ),
    extension("seg", &["seg"]),
    extension("sslinfo", &[]),
    extension("tablefunc", &[]),
    extension("tcn", &[]),
    extension("tsm_system_rows", &[]),
    extension("tsm_system_time", &[]),
    extension("unaccent", &[]),
    extension("uuid-ossp", &[]),
    KnownExtension {
        methods: &VectorMethod::NAMES,
        ..extension(pgvector::EXTENSION, &VectorType::BROUGHT)
    },
];

/// Access methods of extensions that may bring anything else, too.
const METHODS_ELSEWHERE: &[(&str, &str)] = &[
    ("bm25", "pg_search"),
    ("diskann", "vectorscale"),
    ("lantern_hnsw", "lantern"),
    ("pgroonga", "pgroonga"),
    ("rum", "rum"),
    ("vchordg", "vchord"),
    ("vchordrq", "vchord"),
    ("zombodb", "zombodb"),
];

/// Extensions whose control file fixes where their objects live.
const FIXED_NAMESPACES: &[(&str, &str)] = &[
    ("adminpack", "pg_catalog"),
    ("age", "ag_catalog"),
    ("pg_cron", "pg_catalog"),
    ("pg_tle", "pgtle"),
    ("pglogical", "pglogical"),
    ("pgmq", "pgmq"),
    ("plpgsql", "pg_catalog"),
    ("postgis_tiger_geocoder", "tiger"),
    ("postgis_topology", "topology"),
];

/// What an extension brings, if it is well known.
pub(super) fn known(name: &str) -> Option<&'static KnownExtension> {
    KNOWN.iter().find(|it| it.name == name)
}

/// The extension that brings a type.
pub(super) fn with_type(name: &str) -> Option<&'static KnownExtension> {
    KNOWN.iter().find(|it| it.types.contains(&name))
}

/// The extension that brings an access method.
pub(super) fn with_method(name: &str) -> Option<&'static str> {
    KNOWN.iter().find(|it| it.methods.contains(&name)).map(|it| it.name)
}

/// An extension outside of the table that is known for an access method.
pub(super) fn known_for_method(name: &str) -> Option<&'static str> {
    METHODS_ELSEWHERE.iter().find(|it| it.0 == name).map(|it| it.1)
}

/// The extension that brings an operator class.
pub(super) fn of_opclass(name: &str) -> Option<&'static str> {
    let other = || KNOWN.iter().find(|it| it.opclasses.contains(&name)).map(|it| it.name);
    if pgvector::is_opclass(name) { Some(pgvector::EXTENSION) } else { other() }
}

/// Where an extension's objects live when nothing is said.
pub(super) fn default_namespace(name: &str) -> &'static str {
    let fixed = FIXED_NAMESPACES.iter().find(|(extension, _)| *extension == name);
    fixed.map_or("public", |(_, namespace)| namespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_sorted() {
        assert!(KNOWN.is_sorted_by_key(|it| it.name));
        assert!(METHODS_ELSEWHERE.is_sorted());
        assert!(FIXED_NAMESPACES.is_sorted());
    }
}
