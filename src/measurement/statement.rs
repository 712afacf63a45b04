//! The SQL of searches.

use tokio_postgres::types::Type;

use super::raw::plain;
use super::target::Target;

/// A search of an index, with a condition or without.
#[derive(Debug, Clone, Copy)]
pub(super) struct Search<'t> {
    pub(super) target: &'t Target,
    pub(super) filter: Option<&'t str>,
}

impl Search<'_> {
    /// What rows must satisfy; a condition ends with its line, for it can end with a comment.
    pub(super) fn conditions(&self) -> String {
        let predicate = self.target.predicate.as_deref();
        let parts = predicate.into_iter().chain(self.filter).map(|it| format!("({it}\n)"));
        let parts: Vec<String> = parts.collect();
        if parts.is_empty() { String::new() } else { format!(" WHERE {}", parts.join(" AND ")) }
    }

    /// As generated code sends it: the nearest rows by the index, or of candidates that it finds the nearest. Only
    /// the places of rows and their exact distances are selected.
    ///
    /// The parameters are a vector for the index and a limit; where the index is of something smaller, first the
    /// vector itself, and then the number of candidates as well.
    pub(super) fn by_index(&self) -> String {
        let Target { table_sql, key, exact, .. } = self.target;
        let conditions = self.conditions();
        if !self.target.is_reduced() {
            return format!(
                "SELECT t.tableoid, t.ctid, {key} {op} $1 AS d FROM {table_sql} AS t{conditions} \
                 ORDER BY {key} {op} $1 LIMIT $2",
                key = key.sql,
                op = key.operator
            );
        }
        format!(
            "SELECT c.o, c.p, c.d FROM (SELECT t.tableoid AS o, t.ctid AS p, {exact} {exact_op} $1 AS d \
             FROM {table_sql} AS t{conditions} ORDER BY {key} {op} $2 LIMIT $4) AS c ORDER BY c.d LIMIT $3",
            exact = exact.sql,
            exact_op = exact.operator,
            key = key.sql,
            op = key.operator
        )
    }

    /// The types of its parameters.
    pub(super) fn types(&self) -> Vec<Type> {
        let (key, exact) = (plain(self.target.key.type_oid), plain(self.target.exact.type_oid));
        match self.target.is_reduced() {
            false => vec![key, Type::INT8],
            true => vec![exact, key, Type::INT8, Type::INT8],
        }
    }

    /// As people write it, with a vector and a limit.
    pub(super) fn by_hand(&self, vector: &str, limit: &str) -> String {
        let Target { table_sql, key, .. } = self.target;
        format!(
            "SELECT t.ctid FROM {table_sql} AS t{} ORDER BY {} {} {vector} LIMIT {limit}",
            self.conditions(),
            key.sql,
            key.operator
        )
    }

    /// How many rows have a distance of several queries up to a bound of each. The table is read once, and each
    /// vector is read from TOAST once, for all queries: the casts of pgvector to a length return what they are
    /// given, but no longer from TOAST.
    ///
    /// The parameters are arrays of numbers, vectors, bounds, and the places of rows to leave out; and the most
    /// rows to return.
    pub(super) fn within_bounds(&self) -> String {
        let Target { table_sql, exact, extension_namespace, .. } = self.target;
        let op = &exact.operator;
        let cast = match exact.type_name.as_str() {
            "bit" => "pg_catalog.\"bit\"".to_owned(),
            name => format!("{extension_namespace}.{name}"),
        };
        format!(
            "SELECT x.n, x.d, count(*) FROM (SELECT t.tableoid AS o, t.ctid AS p, {cast}({column}, -1, false) AS v \
             FROM {table_sql} AS t{conditions} OFFSET 0) AS r CROSS JOIN LATERAL (\
             SELECT q.n, r.v {op} q.v AS d FROM unnest($1, $2, $3, $4, $5) AS q(n, v, bound, o, p) \
             WHERE r.v {op} q.v <= q.bound AND (q.p IS NULL OR q.o <> r.o OR q.p <> r.p) OFFSET 0) AS x \
             GROUP BY x.n, x.d LIMIT $6",
            column = exact.sql,
            conditions = self.conditions()
        )
    }

    /// The exact distances of the nearest rows of a query, without one row. The parameters are the vector, the row,
    /// and a limit.
    pub(super) fn exactly(&self) -> String {
        let Target { table_sql, exact, .. } = self.target;
        let mut conditions = self.conditions();
        conditions.push_str(if conditions.is_empty() { " WHERE " } else { " AND " });
        format!(
            "SELECT {exact} {op} $1 AS d FROM {table_sql} AS t{conditions}\
             ($3::tid IS NULL OR t.tableoid <> $2 OR t.ctid <> $3) AND {exact} IS NOT NULL \
             ORDER BY {exact} {op} $1 LIMIT $4",
            exact = exact.sql,
            op = exact.operator
        )
    }
}
