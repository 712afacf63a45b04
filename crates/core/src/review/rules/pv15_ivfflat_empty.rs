//! An IVFFlat index without rows to learn from.

use crate::model::pgvector::{LISTS, VectorMethod};
use crate::plan::LockLevel;
use crate::review::context::{Context, parse_name};
use crate::review::facts::ReviewedStatement;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};
use crate::review::vectors;

pub(super) static RULE: Rule = Rule {
    code: "PV15",
    name: "ivfflat-empty",
    severity: Severity::Error,
    summary: "an IVFFlat index is built before its table has rows",
    what: "The lists are learned from the rows that are present when the index is built, and \
            never again. Built on an empty table it finds rows at random (NOTICE: ivfflat index \
            created with little data).",
    waits: "Nobody waits.",
    safer: "HNSW, which needs no rows; or the index in a later revision, after the rows are \
            loaded.",
    bad: "CREATE TABLE docs (embedding vector(3));\n\
            CREATE INDEX ON docs USING ivfflat (embedding vector_l2_ops);",
    good: "CREATE TABLE docs (embedding vector(3));\n\
            CREATE INDEX ON docs USING hnsw (embedding vector_l2_ops);",
    grows: false,
    check,
};

/// The rows that a list should have been learned from.
const ROWS_A_LIST: u64 = 50;

fn check(it: &Context<'_>) -> Vec<Finding> {
    let created = vectors::created(it).filter(|it| it.method == VectorMethod::Ivfflat);
    let Some(created) = created else { return Vec::new() };
    let table = &created.index.table;
    let lists = created.parameter(LISTS.name, LISTS.default);
    let wanted = u64::try_from(lists).unwrap_or(0).saturating_mul(ROWS_A_LIST);
    let rows = it.surroundings.tables.get(&table.to_string()).map(|it| it.rows);
    let name = &created.index.name;
    if it.is_new(table) {
        let fills = |other: &ReviewedStatement| {
            let mut locks = other.facts.locks.iter();
            locks
                .any(|it| it.level == LockLevel::RowExclusive && parse_name(&it.relation) == *table)
        };
        if it.earlier().any(fills) {
            return Vec::new();
        }
        let message = format!(
            "IVFFlat index `{name}` learns its lists from table `{table}`, which the file has just created"
        );
        return vec![Finding::new(message).about(name).safer("USING hnsw")];
    }
    match rows {
        Some(rows) if rows < wanted => {
            let message = format!(
                "IVFFlat index `{name}` learns {lists} lists from {rows} rows: {wanted} should be there"
            );
            vec![Finding::new(message).about(name).severity(Severity::Warning).safer("USING hnsw")]
        }
        Some(_) | None => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::{V, sql};

    #[test]
    fn fires() {
        sql("create table t (v vector(3))").makes(V).then("create index i on t using ivfflat (v vector_l2_ops)").fires(
            &RULE,
            "IVFFlat index `i` learns its lists from table `t`, which the file has just created",
        );
    }

    #[test]
    fn stays_quiet() {
        sql("create index concurrently i on t using ivfflat (v vector_l2_ops)")
            .has(V)
            .stays_quiet(&RULE);
        sql("create table t (v vector(3))")
            .makes(V)
            .then("insert into t select embedding from old")
            .locks(LockLevel::RowExclusive, "t")
            .then("create index i on t using ivfflat (v vector_l2_ops)")
            .stays_quiet(&RULE);
    }
}
