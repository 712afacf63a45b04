//! Two vector indexes for the same searches.

use crate::model::index::Index;
use crate::model::pgvector::Metric;
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};
use crate::review::vectors;

pub(super) static RULE: Rule = Rule {
    code: "PV26",
    name: "duplicate-ann-index",
    severity: Severity::Warning,
    summary: "a second vector index on the same key by the same metric",
    what: "Both are maintained by every write, and the planner uses one of them. Each takes \
            about as much memory as the vectors.",
    waits: "Nobody waits; writes take longer.",
    safer: "DROP INDEX CONCURRENTLY the one that is not wanted.",
    bad: "CREATE INDEX CONCURRENTLY ON docs USING ivfflat (embedding vector_l2_ops); -- beside \
            an HNSW index",
    good: "DROP INDEX CONCURRENTLY docs_embedding_ivfflat_idx;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let Some(created) = vectors::created(it) else { return Vec::new() };
    let new = &created.index;
    let same = it.after.indexes(&new.table).filter(|other| {
        other.name != new.name
            && other.is_vector()
            && serves(other) == serves(new)
            && other.predicate == new.predicate
    });
    // The one that a later statement drops is being replaced.
    let stays = same.filter(|it_other| {
        it.file.after.schema.indexes(&new.table).any(|it| it.name == it_other.name)
    });
    let found = stays.map(|other| {
        let message = format!(
            "index `{}` of table `{}` serves the same searches as index `{}`",
            new.name, new.table, other.name
        );
        Finding::new(message)
            .about(&new.name)
            .safer(format!("DROP INDEX CONCURRENTLY {}", other.qualified_name()))
    });
    found.collect()
}

/// What an index is for: its key and its metric. Without an operator class it is by L2.
fn serves(index: &Index) -> Option<(String, Metric)> {
    let key = index.keys.first()?;
    let metric =
        key.opclass.as_ref().map_or(Some(Metric::L2), |it| Metric::of_opclass(it.name.as_str()));
    Some((format!("{:?}", key.value), metric?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::sql;

    const INDEXED: &str = "[extensions]\nvector = \"*\"\n[tables.t.columns]\nid = \"bigint\"\nv = \"vector(3)?\"\n[tables.t.indexes.i]\nmethod = \"hnsw\"\ncolumns = [{ name = \"v\", metric = \"l2\" }]\n";

    #[test]
    fn fires() {
        sql("create index concurrently j on t using ivfflat (v vector_l2_ops)")
            .has(INDEXED)
            .fires(&RULE, "index `j` of table `t` serves the same searches as index `i`");
    }

    #[test]
    fn stays_quiet() {
        sql("create index concurrently j on t using hnsw (v vector_cosine_ops)")
            .has(INDEXED)
            .stays_quiet(&RULE);
    }
}
