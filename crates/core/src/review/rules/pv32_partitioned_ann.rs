//! A vector index of a partitioned table.

use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::index_text;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "PV32",
    name: "partitioned-ann",
    severity: Severity::Error,
    summary: "a vector index of a partitioned table is built where nothing can write meanwhile",
    what: "CONCURRENTLY is refused on a partitioned table, and without it every partition is \
            built one after the other in one transaction. ATTACH PARTITION builds the indexes \
            that a partition lacks.",
    waits: "SHARE on the table and all partitions for the duration of all builds: writes wait.",
    safer: "CREATE INDEX … ON ONLY the parent, CREATE INDEX CONCURRENTLY on each partition, \
            ALTER INDEX … ATTACH PARTITION.",
    bad: "CREATE INDEX CONCURRENTLY ON docs USING hnsw (embedding vector_l2_ops); -- docs is \
            partitioned",
    good: "CREATE INDEX docs_embedding_idx ON ONLY docs USING hnsw (embedding vector_l2_ops);\n\
            CREATE INDEX CONCURRENTLY docs_1_embedding_idx ON docs_1 USING hnsw (embedding vector_l2_ops);\n\
            ALTER INDEX docs_embedding_idx ATTACH PARTITION docs_1_embedding_idx;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let Some(text) = index_text::read(&it.statement.source) else { return Vec::new() };
    let table = &text.index.table;
    if !text.index.is_vector() || text.only || it.is_new(table) || !it.is_partitioned(table) {
        return Vec::new();
    }
    let message = match text.concurrently {
        true => format!("CONCURRENTLY is refused on partitioned table `{table}`"),
        false => {
            format!("the index is built on every partition of table `{table}` in one transaction")
        }
    };
    vec![
        Finding::new(message)
            .about(table)
            .safer("ON ONLY, CONCURRENTLY on each partition, ATTACH PARTITION"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::sql;

    const P: &str = "[extensions]\nvector = \"*\"\n[tables.t]\npartition_by = \"RANGE (id)\"\n[tables.t.columns]\nid = \"bigint\"\nv = \"vector(3)?\"\n";

    #[test]
    fn fires() {
        sql("create index concurrently i on t using hnsw (v vector_l2_ops)")
            .has(P)
            .fires(&RULE, "CONCURRENTLY is refused on partitioned table `t`");
    }

    #[test]
    fn stays_quiet() {
        sql("create index i on only t using hnsw (v vector_l2_ops)").has(P).stays_quiet(&RULE);
    }
}
