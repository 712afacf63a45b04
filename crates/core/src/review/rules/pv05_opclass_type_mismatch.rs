//! An operator class of another type or access method.

use crate::model::pgvector::opclasses_named;
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};
use crate::review::vectors;

pub(super) static RULE: Rule = Rule {
    code: "PV05",
    name: "opclass-type-mismatch",
    severity: Severity::Error,
    summary: "an operator class that is of another type, or not in the access method",
    what: "halfvec_l2_ops accepts halfvec only, and IVFFlat has neither L1, nor Jaccard, nor \
            sparsevec. The server refuses the index.",
    waits: "Nobody waits: the statement fails.",
    safer: "The operator class named after the type and the metric; HNSW where IVFFlat has none.",
    bad: "CREATE INDEX CONCURRENTLY ON docs USING ivfflat (embedding vector_l1_ops);",
    good: "CREATE INDEX CONCURRENTLY ON docs USING hnsw (embedding vector_l1_ops);",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let Some(created) = vectors::created(it) else { return Vec::new() };
    let Some(opclass) = created.opclass() else { return Vec::new() };
    let mut known = opclasses_named(opclass).peekable();
    if known.peek().is_none() {
        return Vec::new();
    }
    let known: Vec<_> = known.collect();
    let method = created.method;
    let message = match known.iter().find(|it| it.method == method) {
        None => format!("operator class {opclass} does not exist for {}", method.name()),
        Some(known) => match created.key_type(it.after).and_then(|it| it.vector_type()) {
            Some(key) if key != known.accepts => {
                format!("operator class {opclass} does not accept type {}", key.name())
            }
            Some(_) | None => return Vec::new(),
        },
    };
    vec![Finding::new(message).about(&created.index.name)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::{V, sql};

    #[test]
    fn fires() {
        sql("create index i on t using ivfflat (v vector_l1_ops)")
            .has(V)
            .fires(&RULE, "vector_l1_ops does not exist for ivfflat");
        sql("create index i on t using hnsw (v halfvec_l2_ops)")
            .has(V)
            .fires(&RULE, "halfvec_l2_ops does not accept type vector");
    }

    #[test]
    fn stays_quiet() {
        sql("create index i on t using hnsw (v vector_l1_ops)").has(V).stays_quiet(&RULE);
    }
}
