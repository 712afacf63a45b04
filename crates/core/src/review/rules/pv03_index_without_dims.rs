//! An index on values without dimensions.

use crate::model::base_type::BaseType;
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};
use crate::review::vectors;

pub(super) static RULE: Rule = Rule {
    code: "PV03",
    name: "index-without-dims",
    severity: Severity::Error,
    summary: "an HNSW or IVFFlat index on values whose dimensions are not declared",
    what: "A column of vector without dimensions, a domain, and an expression such as \
            subvector(v, 1, 2) or binary_quantize(v) have none, and varbit cannot be indexed. \
            The server refuses the index: column does not have dimensions.",
    waits: "Nobody waits: the statement fails. With CONCURRENTLY it leaves an invalid index.",
    safer: "A typed column, or an expression with a cast: ((embedding::vector(3)) \
            vector_l2_ops).",
    bad: "CREATE INDEX CONCURRENTLY ON docs USING hnsw ((binary_quantize(embedding)) \
            bit_hamming_ops);",
    good: "CREATE INDEX CONCURRENTLY ON docs USING hnsw ((binary_quantize(embedding)::bit(3)) \
            bit_hamming_ops);",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let Some(created) = vectors::created(it) else { return Vec::new() };
    let told =
        it.facts().refused.as_ref().is_some_and(|it| it.contains("does not have dimensions"));
    let key = created.key_type(it.after);
    let untyped = key.as_ref().is_some_and(|it| match vectors::dimensions(it) {
        Some((_, dimensions)) => dimensions.is_none(),
        None => it.plain_base() == Some(BaseType::Varbit),
    });
    if !told && !untyped {
        return Vec::new();
    }
    let of = key.map_or_else(|| "its key".to_owned(), |it| format!("its key of type {it}"));
    let message =
        format!("{} cannot index {of}: the dimensions are not declared", created.method.name());
    vec![
        Finding::new(message)
            .about(&created.index.name)
            .safer("a cast with dimensions: (v::vector(n))"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::{V, sql};

    const UNTYPED: &str =
        "[extensions]\nvector = \"*\"\n[tables.t.columns]\nid = \"bigint\"\nv = \"vector?\"\n";

    #[test]
    fn fires() {
        sql("create index concurrently i on t using hnsw (v vector_l2_ops)").has(UNTYPED).fires(
            &RULE,
            "hnsw cannot index its key of type vector: the dimensions are not declared",
        );
    }

    #[test]
    fn stays_quiet() {
        sql("create index concurrently i on t using hnsw (v vector_l2_ops)")
            .has(V)
            .stays_quiet(&RULE);
    }
}
