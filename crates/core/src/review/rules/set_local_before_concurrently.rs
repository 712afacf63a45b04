//! SET LOCAL that has no effect.

use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "set-local-before-concurrently",
    name: "G8",
    severity: Severity::Warning,
    summary: "SET LOCAL before a statement that runs outside of a transaction",
    what: "Outside of a transaction SET LOCAL only gives a WARNING. The statement runs without \
            the setting: an index build with the default maintenance_work_mem.",
    waits: "Nobody waits; the build takes longer than meant.",
    safer: "SET before the statement, and RESET after it.",
    bad: "SET LOCAL maintenance_work_mem = '8GB';\n\
            CREATE INDEX CONCURRENTLY docs_embedding_idx ON docs USING hnsw (embedding vector_cosine_ops);",
    good: "SET maintenance_work_mem = '8GB';\n\
            CREATE INDEX CONCURRENTLY docs_embedding_idx ON docs USING hnsw (embedding vector_cosine_ops);\n\
            RESET maintenance_work_mem;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    if !it.statement.outside || it.in_block() {
        return Vec::new();
    }
    let local =
        it.earlier().take_while(|it| it.source.setting().is_some()).find(|it| it.source.is_local());
    let found = local.map(|it| {
        let message = format!(
            "`{}` in line {} has no effect here: the statement runs outside of a transaction",
            it.source.text, it.source.line
        );
        Finding::new(message).safer("SET without LOCAL, and RESET after it")
    });
    found.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::sql;

    #[test]
    fn fires() {
        sql("set local maintenance_work_mem = '1GB'")
            .then("create index concurrently i on t (a)")
            .fires(&RULE, "in line 1 has no effect here");
    }

    #[test]
    fn stays_quiet() {
        sql("set maintenance_work_mem = '1GB'")
            .then("create index concurrently i on t (a)")
            .stays_quiet(&RULE);
    }
}
