//! Dimensions that are dropped under an index.

use crate::model::base_type::BaseType;
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};
use crate::review::vectors;

pub(super) static RULE: Rule = Rule {
    code: "PV19",
    name: "typmod-dropped-under-index",
    severity: Severity::Error,
    summary: "a column with a vector index loses its dimensions",
    what: "The statement is accepted and the index stays valid, but REINDEX, VACUUM FULL, \
            CLUSTER, TRUNCATE and the restore of a dump fail from then on: column does not have \
            dimensions.",
    waits: "ACCESS EXCLUSIVE on the table, briefly.",
    safer: "Replace the index by one on the expression ((embedding::vector(3)) vector_l2_ops) \
            first.",
    bad: "ALTER TABLE docs ALTER COLUMN embedding TYPE vector;",
    good: "CREATE INDEX CONCURRENTLY docs_embedding_3_idx ON docs USING hnsw ((embedding::vector(3)) vector_l2_ops);\n\
            DROP INDEX CONCURRENTLY docs_embedding_idx;\n\
            ALTER TABLE docs ALTER COLUMN embedding TYPE vector;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let dropped = it.altered_columns().filter(|(from, to)| {
        let untyped =
            to.data_type.length().is_none() || to.data_type.plain_base() == Some(BaseType::Varbit);
        from.data_type.vector_type().is_some() && from.data_type.length().is_some() && untyped
    });
    let found = dropped.flat_map(|(from, to)| {
        let indexes = vectors::indexes_on(it.before, from).into_iter();
        let plain = indexes.filter(|index| index.column_names().any(|name| *name == from.name));
        plain.map(|index| {
            let message = format!(
                "column `{}` becomes {} under index `{}`, which can no longer be rebuilt or restored",
                to.name, to.data_type, index.name
            );
            Finding::new(message).about(&index.name).at(it.mention(&to.name)).safer("an index on the expression first")
        }).collect::<Vec<_>>()
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::{V, sql};

    const INDEXED: &str = "[extensions]\nvector = \"*\"\n[tables.t.columns]\nid = \"bigint\"\nv = \"vector(3)?\"\n[tables.t.indexes.i]\nmethod = \"hnsw\"\ncolumns = [{ name = \"v\", metric = \"l2\" }]\n";
    const UNTYPED: &str =
        "[extensions]\nvector = \"*\"\n[tables.t.columns]\nid = \"bigint\"\nv = \"vector?\"\n";

    #[test]
    fn fires() {
        sql("alter table t alter v type vector")
            .has(INDEXED)
            .makes(UNTYPED)
            .fires(&RULE, "column `v` becomes vector under index `i`");
    }

    #[test]
    fn stays_quiet() {
        sql("alter table t alter v type vector").has(V).makes(UNTYPED).stays_quiet(&RULE);
    }
}
