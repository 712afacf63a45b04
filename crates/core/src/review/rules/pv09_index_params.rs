//! Storage parameters out of bounds.

use crate::model::pgvector::{EF_CONSTRUCTION, M, VectorMethod};
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};
use crate::review::vectors;

pub(super) static RULE: Rule = Rule {
    code: "PV09",
    name: "index-params",
    severity: Severity::Error,
    summary: "a storage parameter of a vector index that the server refuses",
    what: "m is 2 to 100, ef_construction 4 to 1000 and at least 2 * m, with defaults filled in \
            (16 and 64), lists 1 to 32768. Any other parameter is unknown.",
    waits: "Nobody waits: the statement fails. With CONCURRENTLY it leaves an invalid index.",
    safer: "Values within the bounds.",
    bad: "CREATE INDEX CONCURRENTLY ON docs USING hnsw (embedding vector_l2_ops) WITH (m = \
            40);",
    good: "CREATE INDEX CONCURRENTLY ON docs USING hnsw (embedding vector_l2_ops) WITH (m = 40, \
            ef_construction = 80);",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let Some(created) = vectors::created(it) else { return Vec::new() };
    let method = created.method;
    let mut messages = Vec::new();
    for (name, value) in created.index.options.iter() {
        let Some(known) = method.parameters().iter().find(|it| it.name == name) else {
            messages.push(format!("{} has no parameter `{name}`", method.name()));
            continue;
        };
        if value.parse().is_ok_and(|it| !known.takes(it)) {
            messages.push(format!(
                "{name} = {value} is not within {} and {}",
                known.lowest, known.highest
            ));
        }
    }
    let m = created.parameter(M.name, M.default);
    let candidates = created.parameter(EF_CONSTRUCTION.name, EF_CONSTRUCTION.default);
    if method == VectorMethod::Hnsw && candidates < m.saturating_mul(2) {
        messages.push(format!(
            "ef_construction = {candidates} is less than 2 * m = {}",
            m.saturating_mul(2)
        ));
    }
    messages.into_iter().map(|it| Finding::new(it).about(&created.index.name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::{V, sql};

    #[test]
    fn fires() {
        sql("create index i on t using hnsw (v vector_l2_ops) with (m = 33)")
            .has(V)
            .fires(&RULE, "ef_construction = 64 is less than 2 * m = 66");
        sql("create index i on t using hnsw (v vector_l2_ops) with (lists = 10)")
            .has(V)
            .fires(&RULE, "hnsw has no parameter `lists`");
        sql("create index i on t using ivfflat (v vector_l2_ops) with (lists = 0)")
            .has(V)
            .fires(&RULE, "lists = 0 is not within 1 and 32768");
    }

    #[test]
    fn stays_quiet() {
        sql("create index i on t using hnsw (v vector_l2_ops) with (m = 32, ef_construction = 64)")
            .has(V)
            .stays_quiet(&RULE);
    }
}
