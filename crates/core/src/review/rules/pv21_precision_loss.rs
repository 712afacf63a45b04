//! A vector type of less precision.

use crate::model::pgvector::VectorType;
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "PV21",
    name: "precision-loss",
    severity: Severity::Error,
    summary: "a vector column changes to a type of less precision",
    what: "halfvec rounds every element to half precision and fails above 65504; bit keeps only \
            the signs. The old values are not restored by a downgrade, and hashes of the vectors \
            change.",
    waits: "ACCESS EXCLUSIVE on the table for the duration of the rewrite: reads and writes \
            wait.",
    safer: "Keep the column, and index the expression: ((embedding::halfvec(3)) halfvec_l2_ops).",
    bad: "ALTER TABLE docs ALTER COLUMN embedding TYPE halfvec(3);",
    good: "CREATE INDEX CONCURRENTLY docs_embedding_half_idx ON docs USING hnsw \
            ((embedding::halfvec(3)) halfvec_l2_ops);",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let rounded = it.altered_columns().filter(|(from, to)| {
        matches!(
            (from.data_type.vector_type(), to.data_type.vector_type()),
            (
                Some(VectorType::Vector | VectorType::Sparsevec),
                Some(VectorType::Halfvec | VectorType::Bit)
            ) | (Some(VectorType::Halfvec), Some(VectorType::Bit))
        )
    });
    let found = rounded.map(|(from, to)| {
        let message = format!(
            "changing column `{}` of table `{}` from {} to {} rounds every vector",
            to.name, to.table, from.data_type, to.data_type
        );
        let finding = Finding::new(message).about(format!("{}.{}", to.table, to.name));
        finding.at(it.mention(&to.name)).safer("an index on the expression (v::halfvec(n))")
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::{V, sql};

    const HALF: &str =
        "[extensions]\nvector = \"*\"\n[tables.t.columns]\nid = \"bigint\"\nv = \"halfvec(3)?\"\n";

    #[test]
    fn fires() {
        sql("alter table t alter v type halfvec(3)")
            .has(V)
            .makes(HALF)
            .fires(&RULE, "from vector(3) to halfvec(3) rounds every vector");
    }

    #[test]
    fn stays_quiet() {
        sql("alter table t alter v type vector(3)").has(HALF).makes(V).stays_quiet(&RULE);
    }
}
