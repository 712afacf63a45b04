//! An index without an operator class.

use crate::model::pgvector::{VectorMethod, VectorType};
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};
use crate::review::{index_text, vectors};

pub(super) static RULE: Rule = Rule {
    code: "PV04",
    name: "opclass-missing",
    severity: Severity::Error,
    summary: "an HNSW index without an operator class",
    what: "HNSW has no default operator class, and IVFFlat has one only for vector \
            (vector_l2_ops). The server refuses the index: data type vector has no default \
            operator class for access method \"hnsw\".",
    waits: "Nobody waits: the statement fails.",
    safer: "The operator class of the metric that queries use.",
    bad: "CREATE INDEX CONCURRENTLY ON docs USING hnsw (embedding);",
    good: "CREATE INDEX CONCURRENTLY ON docs USING hnsw (embedding vector_cosine_ops);",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let written = index_text::read(&it.statement.source).map(|it| it.index);
    let Some(index) = written.filter(|it| it.is_vector()) else { return Vec::new() };
    let (Some(method), Some(key)) = (index.vector_method(), index.keys.first()) else {
        return Vec::new();
    };
    let key_type = vectors::key_type(&index, key, it.after);
    let has_default = method == VectorMethod::Ivfflat
        && key_type.is_some_and(|it| it.vector_type() == Some(VectorType::Vector));
    if key.opclass.is_some() || has_default {
        return Vec::new();
    }
    let message = format!("{} has no default operator class for the key", method.name());
    vec![
        Finding::new(message)
            .about(&index.name)
            .safer("the operator class of the metric: vector_cosine_ops"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::{V, sql};

    #[test]
    fn fires() {
        sql("create index concurrently i on t using hnsw (v)")
            .has(V)
            .fires(&RULE, "hnsw has no default operator class for the key");
    }

    #[test]
    fn stays_quiet() {
        sql("create index concurrently i on t using ivfflat (v)").has(V).stays_quiet(&RULE);
    }
}
