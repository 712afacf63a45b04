//! A vector index that blocks writes.

use crate::plan::LockLevel;
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::index_text;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "PV10",
    name: "ann-not-concurrent",
    severity: Severity::Error,
    summary: "CREATE INDEX USING hnsw or ivfflat without CONCURRENTLY on a table in use",
    what: "Building a graph of millions of vectors takes hours, and the statement holds its \
            lock for all of them.",
    waits: "SHARE on the table until the transaction ends: INSERT, UPDATE and DELETE wait, reads \
            continue.",
    safer: "CREATE INDEX CONCURRENTLY, outside of a transaction, with enough \
            maintenance_work_mem.",
    bad: "CREATE INDEX ON docs USING hnsw (embedding vector_cosine_ops);",
    good: "CREATE INDEX CONCURRENTLY docs_embedding_idx ON docs USING hnsw (embedding \
            vector_cosine_ops);",
    grows: true,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let Some(text) = index_text::read(&it.statement.source) else { return Vec::new() };
    let index = it.new_indexes().next().unwrap_or(&text.index);
    let refused = it.facts().refused.is_some();
    if text.concurrently || text.only || refused || !index.is_vector() || it.is_new(&index.table) {
        return Vec::new();
    }
    let held = it.held(&index.table, LockLevel::Share);
    let message = format!(
        "CREATE INDEX USING {} takes {held} until {} is built",
        index.method,
        index_text::shown(index)
    );
    let finding = Finding::new(message).about(&index.table).grows_with(&index.table);
    vec![finding.safer("CREATE INDEX CONCURRENTLY").at(it.place(&["using"]))]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::{V, sql};

    #[test]
    fn fires() {
        sql("create index i on t using hnsw (v vector_l2_ops)").has(V).locks(LockLevel::Share, "t").builds("i").fires(
            &RULE,
            "CREATE INDEX USING hnsw takes SHARE on table `t`: writes wait, reads continue until index `i` is built",
        );
    }

    #[test]
    fn stays_quiet() {
        sql("create index concurrently i on t using hnsw (v vector_l2_ops)")
            .has(V)
            .stays_quiet(&RULE);
    }
}
