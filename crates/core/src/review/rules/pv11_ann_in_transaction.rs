//! A vector index that is built in a transaction with other statements.

use crate::model::pgvector::VectorMethod;
use crate::report::count;
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::index_text;
use crate::review::rule::{Finding, Rule};
use crate::review::vectors;

pub(super) static RULE: Rule = Rule {
    code: "PV11",
    name: "ann-in-transaction",
    severity: Severity::Error,
    summary: "an HNSW index is built in a transaction with other statements",
    what: "The locks of all statements of the transaction last for the whole build, and \
            everything is lost if the build fails or times out.",
    waits: "Everyone whom a lock of the transaction blocks.",
    safer: "A step of its own: CREATE INDEX CONCURRENTLY outside of a transaction.",
    bad: "BEGIN;\n\
            ALTER TABLE docs ADD COLUMN note text;\n\
            CREATE INDEX ON docs USING hnsw (embedding vector_cosine_ops);\n\
            COMMIT;",
    good: "ALTER TABLE docs ADD COLUMN note text;\n\
            CREATE INDEX CONCURRENTLY docs_embedding_idx ON docs USING hnsw (embedding vector_cosine_ops);",
    grows: true,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let Some(created) = vectors::created(it) else { return Vec::new() };
    let table = &created.index.table;
    if created.method != VectorMethod::Hnsw || it.statement.outside || it.is_new(table) {
        return Vec::new();
    }
    let number = it.statement.transaction;
    let works = |other: &crate::review::ReviewedStatement| {
        other.transaction == number
            && other.source.transaction_word().is_none()
            && other.source.setting().is_none()
    };
    let others = it.file.statements.iter().filter(|other| works(other)).count();
    if others < 2 {
        return Vec::new();
    }
    let message = format!(
        "{} of table `{table}` is built in one transaction with {}, whose locks last as long",
        index_text::shown(&created.index),
        count(others - 1, "other statement")
    );
    let finding = Finding::new(message).about(table).grows_with(table);
    vec![finding.safer("CREATE INDEX CONCURRENTLY as a step of its own")]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::{V, sql};

    #[test]
    fn fires() {
        sql("alter table t add x int")
            .has(V)
            .then("create index i on t using hnsw (v vector_l2_ops)")
            .fires(
                &RULE,
                "index `i` of table `t` is built in one transaction with 1 other statement",
            );
    }

    #[test]
    fn stays_quiet() {
        sql("begin")
            .has(V)
            .then("create index i on t using hnsw (v vector_l2_ops)")
            .then("commit")
            .stays_quiet(&RULE);
    }
}
