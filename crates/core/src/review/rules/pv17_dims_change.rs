//! The dimensions of a column change.

use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};
use crate::review::vectors;

pub(super) static RULE: Rule = Rule {
    code: "PV17",
    name: "dims-change",
    severity: Severity::Error,
    summary: "the dimensions of a vector column change",
    what: "Vectors of another model cannot be converted. With rows the statement fails: \
            expected 4 dimensions, not 3. On an empty table, or one with NULL alone, it rewrites \
            the table.",
    waits: "ACCESS EXCLUSIVE on the table until it fails, or is rewritten.",
    safer: "A new column of the new dimensions, embed again in batches, CREATE INDEX \
            CONCURRENTLY, switch reads, drop the old column (on_change = \"expand\" in \
            schema.toml).",
    bad: "ALTER TABLE docs ALTER COLUMN embedding TYPE vector(1024);",
    good: "ALTER TABLE docs ADD COLUMN embedding_1024 vector(1024);",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let changed = it.altered_columns().filter(|(from, to)| {
        let lengths = (from.data_type.length(), to.data_type.length());
        let vectors =
            from.data_type.vector_type().is_some() && to.data_type.vector_type().is_some();
        vectors && matches!(lengths, (Some(from), Some(to)) if from != to)
    });
    let found = changed.map(|(from, to)| {
        let message = format!(
            "column `{}` of table `{}` changes from {} to {}: stored vectors cannot be converted",
            to.name, to.table, from.data_type, to.data_type
        );
        Finding::new(message)
            .about(format!("{}.{}", to.table, to.name))
            .at(it.mention(&to.name))
            .safer("a second column")
    });
    let mut found: Vec<_> = found.collect();
    let refused = it.facts().refused.as_ref().filter(|_| it.alters_table());
    let told = refused.filter(|told| {
        told.contains("dimensions, not") || told.contains("does not match type bit")
    });
    let written = vectors::written_types(it);
    found.extend(told.filter(|_| !written.is_empty()).map(|told| {
        let first = told.lines().next().unwrap_or_default();
        let finding = Finding::new(format!("stored vectors cannot be converted: {first}"));
        finding.at(written.first().map(|it| it.at)).safer("a second column")
    }));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::{V, sql};

    const FOUR: &str =
        "[extensions]\nvector = \"*\"\n[tables.t.columns]\nid = \"bigint\"\nv = \"vector(4)?\"\n";

    #[test]
    fn fires() {
        sql("alter table t alter v type vector(4)")
            .has(V)
            .makes(FOUR)
            .fires(&RULE, "column `v` of table `t` changes from vector(3) to vector(4)");
        sql("alter table t alter v type vector(4)")
            .has(V)
            .refused("expected 4 dimensions, not 3")
            .fires(&RULE, "expected 4 dimensions, not 3");
    }

    #[test]
    fn stays_quiet() {
        sql("alter table t add w vector(4)").has(V).stays_quiet(&RULE);
    }
}
