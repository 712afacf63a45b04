//! A cast in an index to other dimensions than the column has.

use crate::model::index::IndexValue;
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};
use crate::review::vectors;

pub(super) static RULE: Rule = Rule {
    code: "PV08",
    name: "expression-dims",
    severity: Severity::Error,
    summary: "the expression of an index casts to other dimensions than the column has",
    what: "On an empty table the index is accepted, and then every INSERT fails. A cast to bit \
            does not fail: it cuts the bits, or appends zeros, and the index searches by those.",
    waits: "Nobody waits; writes fail, or searches find other rows.",
    safer: "The dimensions of the column.",
    bad: "CREATE INDEX CONCURRENTLY ON docs USING hnsw ((embedding::halfvec(4)) \
            halfvec_l2_ops); -- vector(3)",
    good: "CREATE INDEX CONCURRENTLY ON docs USING hnsw ((embedding::halfvec(3)) \
            halfvec_l2_ops);",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let Some(created) = vectors::created(it) else { return Vec::new() };
    let Some(key) = created.key() else { return Vec::new() };
    let IndexValue::Expression(text) = &key.value else { return Vec::new() };
    let cast = created.key_type(it.after).and_then(|it| it.length());
    let column = vectors::key_column(&created.index, key, it.after);
    let (Some(cast), Some(column)) = (cast, column) else { return Vec::new() };
    let Some(own) = column.data_type.length() else { return Vec::new() };
    if cast == own || text.as_str().contains("subvector") {
        return Vec::new();
    }
    let message =
        format!("the index casts column `{}` to {cast} dimensions, but it has {own}", column.name);
    vec![Finding::new(message).about(&created.index.name)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::{V, sql};

    #[test]
    fn fires() {
        sql("create index i on t using hnsw ((v::halfvec(4)) halfvec_l2_ops)")
            .has(V)
            .fires(&RULE, "the index casts column `v` to 4 dimensions, but it has 3");
        sql("create index i on t using hnsw ((binary_quantize(v)::bit(2)) bit_hamming_ops)")
            .has(V)
            .fires(&RULE, "to 2 dimensions");
    }

    #[test]
    fn stays_quiet() {
        sql("create index i on t using hnsw ((subvector(v, 1, 2)::vector(2)) vector_l2_ops)")
            .has(V)
            .stays_quiet(&RULE);
    }
}
