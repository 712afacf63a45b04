//! Storage parameters that PostgreSQL and pgvector document (CREATE TABLE, ALTER TABLE and CREATE
//! INDEX in the manual, pgvector's README), with their valid values.
//!
//! Only documented parameters are read and written. A server can store others, for internal use or
//! in a newer version.

use super::pgvector::{self, VectorMethod};

/// Whose parameters they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterTarget<'a> {
    /// A table, or a materialized view.
    Table,
    /// A column of a table (ALTER TABLE … ALTER COLUMN … SET).
    Column,
    /// An index of this access method.
    Index(&'a str),
}

/// What a parameter takes.
#[derive(Debug, Clone, Copy)]
pub enum Takes {
    /// Integers from and to.
    Integer(i64, i64),
    /// Something else, which the server judges.
    Anything,
}

/// Parameters of tables; those of the vacuum also for TOAST tables. PostgreSQL 13 to 18.
const TABLE: &[(&str, Takes)] = &[
    ("fillfactor", Takes::Integer(10, 100)),
    ("log_autovacuum_min_duration", Takes::Anything),
    ("parallel_workers", Takes::Integer(0, 1024)),
    ("toast_tuple_target", Takes::Integer(128, 8160)),
    ("user_catalog_table", Takes::Anything),
    ("vacuum_index_cleanup", Takes::Anything),
    ("vacuum_max_eager_freeze_failure_rate", Takes::Anything),
    ("vacuum_truncate", Takes::Anything),
    ("autovacuum_analyze_scale_factor", Takes::Anything),
    ("autovacuum_analyze_threshold", Takes::Anything),
    ("autovacuum_enabled", Takes::Anything),
    ("autovacuum_freeze_max_age", Takes::Anything),
    ("autovacuum_freeze_min_age", Takes::Anything),
    ("autovacuum_freeze_table_age", Takes::Anything),
    ("autovacuum_multixact_freeze_max_age", Takes::Anything),
    ("autovacuum_multixact_freeze_min_age", Takes::Anything),
    ("autovacuum_multixact_freeze_table_age", Takes::Anything),
    ("autovacuum_vacuum_cost_delay", Takes::Anything),
    ("autovacuum_vacuum_cost_limit", Takes::Anything),
    ("autovacuum_vacuum_insert_scale_factor", Takes::Anything),
    ("autovacuum_vacuum_insert_threshold", Takes::Anything),
    ("autovacuum_vacuum_max_threshold", Takes::Anything),
    ("autovacuum_vacuum_scale_factor", Takes::Anything),
    ("autovacuum_vacuum_threshold", Takes::Anything),
];

/// Parameters of columns. PostgreSQL 13 to 18.
const COLUMN: &[(&str, Takes)] =
    &[("n_distinct", Takes::Anything), ("n_distinct_inherited", Takes::Anything)];

const BTREE: &[(&str, Takes)] =
    &[("fillfactor", Takes::Integer(10, 100)), ("deduplicate_items", Takes::Anything)];
const FILLFACTOR: &[(&str, Takes)] = &[("fillfactor", Takes::Integer(10, 100))];
const GIST: &[(&str, Takes)] =
    &[("fillfactor", Takes::Integer(10, 100)), ("buffering", Takes::Anything)];
const GIN: &[(&str, Takes)] =
    &[("fastupdate", Takes::Anything), ("gin_pending_list_limit", Takes::Anything)];
const BRIN: &[(&str, Takes)] =
    &[("pages_per_range", Takes::Integer(1, 131_072)), ("autosummarize", Takes::Anything)];
const HNSW: &[(&str, Takes)] = &[of_vectors(pgvector::M), of_vectors(pgvector::EF_CONSTRUCTION)];
const IVFFLAT: &[(&str, Takes)] = &[of_vectors(pgvector::LISTS)];

const fn of_vectors(it: pgvector::Parameter) -> (&'static str, Takes) {
    (it.name, Takes::Integer(it.lowest, it.highest))
}

/// The parameters that are documented; none for an access method of which nothing is known, whose
/// parameters are its own affair.
#[must_use]
pub fn documented(target: ParameterTarget<'_>) -> Option<&'static [(&'static str, Takes)]> {
    match target {
        ParameterTarget::Table => Some(TABLE),
        ParameterTarget::Column => Some(COLUMN),
        ParameterTarget::Index("btree") => Some(BTREE),
        ParameterTarget::Index("hash" | "spgist") => Some(FILLFACTOR),
        ParameterTarget::Index("gist") => Some(GIST),
        ParameterTarget::Index("gin") => Some(GIN),
        ParameterTarget::Index("brin") => Some(BRIN),
        ParameterTarget::Index(method) => match VectorMethod::named(method)? {
            VectorMethod::Hnsw => Some(HNSW),
            VectorMethod::Ivfflat => Some(IVFFLAT),
        },
    }
}

/// Whether a server keeps a parameter for itself: the prefix `pg_` is the system's own (manual
/// section 5.10.5), and no parameter that can be asked for begins so. PostgreSQL 15.20 as Debian
/// ships it, for one, notes the version of a column in `pg_attver`.
#[must_use]
pub fn is_internal(name: &str) -> bool {
    name.starts_with("pg_")
}

/// Whether a parameter is documented, or of an access method of which nothing is known.
#[must_use]
pub fn is_documented(name: &str, target: ParameterTarget<'_>) -> bool {
    let toast = name.strip_prefix("toast.").filter(|_| target == ParameterTarget::Table);
    let name = toast.unwrap_or(name);
    documented(target).is_none_or(|known| known.iter().any(|(it, _)| *it == name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_toast_table_has_the_parameters_of_tables() {
        assert!(is_documented("toast.autovacuum_enabled", ParameterTarget::Table));
        assert!(!is_documented("toast.m", ParameterTarget::Table));
        assert!(!is_documented("toast.fillfactor", ParameterTarget::Index("btree")));
        assert!(is_documented("n_distinct", ParameterTarget::Column));
        assert!(is_documented("anything", ParameterTarget::Index("diskann")));
    }

    #[test]
    fn no_documented_parameter_is_internal() {
        let all = [TABLE, COLUMN, BTREE, FILLFACTOR, GIST, GIN, BRIN, HNSW, IVFFLAT].concat();
        assert!(all.iter().all(|(name, _)| !is_internal(name)));
        assert!(is_internal("pg_attver"));
    }
}
