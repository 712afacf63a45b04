//! More dimensions than the type has.

use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};
use crate::review::vectors;

pub(super) static RULE: Rule = Rule {
    code: "PV01",
    name: "dims-limit-type",
    severity: Severity::Error,
    summary: "a vector type with more dimensions than it can have",
    what: "vector and halfvec have at most 16,000 dimensions, sparsevec 1,000,000,000, bit \
            83,886,080. The server refuses the type.",
    waits: "Nobody waits: the statement fails.",
    safer: "Another type, or fewer dimensions; many embedding models can be asked for fewer.",
    bad: "CREATE TABLE docs (embedding vector(20000));",
    good: "CREATE TABLE docs (embedding vector(3072));",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let types = vectors::written_types(it);
    let large = types.into_iter().filter(|it| it.dimensions > it.vector_type.max_dimensions());
    let found = large.map(|it| {
        let (name, most) = (it.vector_type.name(), it.vector_type.max_dimensions());
        let message = format!(
            "{name}({}) has more than the {most} dimensions that {name} can have",
            it.dimensions
        );
        Finding::new(message).at(Some(it.at))
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::sql;

    #[test]
    fn fires() {
        sql("create table d (v vector(20000))")
            .refused("dimensions for type vector cannot exceed 16000")
            .fires(&RULE, "vector(20000) has more than the 16000 dimensions that vector can have");
    }

    #[test]
    fn stays_quiet() {
        sql("create table d (v vector(16000), b bit(64000))").stays_quiet(&RULE);
    }
}
