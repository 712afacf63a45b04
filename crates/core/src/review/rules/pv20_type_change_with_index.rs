//! Another vector type under an index.

use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};
use crate::review::vectors;

pub(super) static RULE: Rule = Rule {
    code: "PV20",
    name: "type-change-with-index",
    severity: Severity::Error,
    summary: "a vector column with an index changes to another vector type",
    what: "The server refuses it: operator class vector_l2_ops does not accept data type \
            halfvec. An expression index on the new type silently becomes one on the column.",
    waits: "ACCESS EXCLUSIVE on the table until the statement fails.",
    safer: "DROP INDEX CONCURRENTLY, change the type, and CREATE INDEX CONCURRENTLY with the \
            operator class of the new type; or an expression index instead of a change.",
    bad: "ALTER TABLE docs ALTER COLUMN embedding TYPE halfvec(3);",
    good: "DROP INDEX CONCURRENTLY docs_embedding_idx;\n\
            ALTER TABLE docs ALTER COLUMN embedding TYPE halfvec(3);\n\
            CREATE INDEX CONCURRENTLY docs_embedding_idx ON docs USING hnsw (embedding halfvec_l2_ops);",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let refused = it.facts().refused.as_ref().filter(|told| {
        let opclass = told.contains("does not accept data type")
            || told.contains("has no default operator class");
        it.alters_table() && opclass
    });
    let mut found: Vec<_> = refused
        .into_iter()
        .map(|told| {
            let first = told.lines().next().unwrap_or_default();
            Finding::new(format!("an index prevents the change of the type: {first}"))
                .safer("drop the index before, create it CONCURRENTLY after")
        })
        .collect();
    let changed = it.altered_columns().filter(|(from, to)| {
        let types = (from.data_type.vector_type(), to.data_type.vector_type());
        types.0.is_some() && types.1.is_some() && types.0 != types.1
    });
    for (from, to) in changed {
        for index in vectors::indexes_on(it.before, from) {
            let message = format!(
                "index `{}` of column `{}` is computed again for type {}",
                index.name, to.name, to.data_type
            );
            found.push(Finding::new(message).about(&index.name).at(it.mention(&to.name)));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::{V, sql};

    #[test]
    fn fires() {
        sql("alter table t alter v type halfvec(3)")
            .has(V)
            .refused("operator class \"vector_l2_ops\" does not accept data type halfvec")
            .fires(&RULE, "an index prevents the change of the type");
    }

    #[test]
    fn stays_quiet() {
        sql("alter table t alter v type halfvec(3)").has(V).stays_quiet(&RULE);
    }
}
