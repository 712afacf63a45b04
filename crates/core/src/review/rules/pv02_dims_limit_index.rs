//! More dimensions than an index takes.

use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};
use crate::review::vectors;

pub(super) static RULE: Rule = Rule {
    code: "PV02",
    name: "dims-limit-index",
    severity: Severity::Error,
    summary: "an HNSW or IVFFlat index on more dimensions than it takes",
    what: "An index takes 2,000 dimensions of vector, 4,000 of halfvec, 64,000 of bit; of \
            sparsevec any number, but at most 1,000 non-zero elements in a row. The server \
            refuses the index.",
    waits: "Nobody waits: the statement fails. With CONCURRENTLY it leaves an invalid index.",
    safer: "An expression index on ((embedding::halfvec(n)) halfvec_cosine_ops), on \
            binary_quantize, or on subvector.",
    bad: "CREATE INDEX CONCURRENTLY ON docs USING hnsw (embedding vector_cosine_ops); -- \
            vector(3072)",
    good: "CREATE INDEX CONCURRENTLY ON docs USING hnsw ((embedding::halfvec(3072)) \
            halfvec_cosine_ops);",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let Some(created) = vectors::created(it) else { return Vec::new() };
    let Some((vector_type, Some(dimensions))) =
        created.key_type(it.after).and_then(|it| vectors::dimensions(&it))
    else {
        return Vec::new();
    };
    let Some(most) = vector_type.max_indexed_dimensions().filter(|most| dimensions > *most) else {
        return Vec::new();
    };
    let method = created.method.name();
    let message = format!(
        "{method} takes {most} dimensions of {}, but the key has {dimensions}",
        vector_type.name()
    );
    vec![
        Finding::new(message)
            .about(&created.index.name)
            .safer("an expression index on (v::halfvec(n))"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::sql;

    const WIDE: &str = "[extensions]\nvector = \"*\"\n[tables.t.columns]\nid = \"bigint\"\nv = \"vector(3072)?\"\n";

    #[test]
    fn fires() {
        sql("create index concurrently i on t using hnsw (v vector_cosine_ops)")
            .has(WIDE)
            .fires(&RULE, "hnsw takes 2000 dimensions of vector, but the key has 3072");
    }

    #[test]
    fn stays_quiet() {
        sql("create index concurrently i on t using hnsw ((v::halfvec(3072)) halfvec_cosine_ops)")
            .has(WIDE)
            .stays_quiet(&RULE);
    }
}
