//! ALTER INDEX SET of a parameter that the graph does not get.

use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "PV25",
    name: "alter-index-params",
    severity: Severity::Warning,
    summary: "ALTER INDEX SET (m) or (lists) does not change the built index",
    what: "Only the catalog changes: m and lists are fixed until REINDEX, ef_construction \
            applies to new rows at once. That ef_construction is at least 2 * m is not checked, \
            so the next REINDEX can fail.",
    waits: "ACCESS EXCLUSIVE on the index: new reads and writes of the table wait, because \
            planning locks every index.",
    safer: "A new index with the parameters, built CONCURRENTLY; or REINDEX INDEX CONCURRENTLY \
            directly after.",
    bad: "ALTER INDEX docs_embedding_idx SET (m = 32);",
    good: "CREATE INDEX CONCURRENTLY docs_embedding_new ON docs USING hnsw (embedding vector_l2_ops) WITH (m = 32);\n\
            DROP INDEX CONCURRENTLY docs_embedding_idx;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let sets = it.has(&["set", "("]) || it.has(&["reset", "("]);
    if !it.starts(&["alter", "index"]) || !sets {
        return Vec::new();
    }
    let words = it.words();
    let parameter = ["m", "ef_construction", "lists"].into_iter().find(|name| {
        words.windows(2).any(|it| it[0] != "index" && it[1] == *name && matches!(it[0], "(" | ","))
    });
    let found = parameter.map(|name| {
        let message = format!(
            "`{name}` changes in the catalog alone: the built index keeps its graph until REINDEX"
        );
        Finding::new(message)
            .at(it.place(&[name]))
            .safer("REINDEX INDEX CONCURRENTLY, or a new index")
    });
    found.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::sql;

    #[test]
    fn fires() {
        sql("alter index i set (m = 8)").fires(&RULE, "`m` changes in the catalog alone");
    }

    #[test]
    fn stays_quiet() {
        sql("alter index i set (fillfactor = 70)").stays_quiet(&RULE);
    }
}
