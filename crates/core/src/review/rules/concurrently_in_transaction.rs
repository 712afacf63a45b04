//! A statement that PostgreSQL refuses in a transaction, in one.

use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "concurrently-in-transaction",
    name: "concurrently-in-transaction",
    severity: Severity::Error,
    summary: "a statement that PostgreSQL refuses in a transaction stands in one",
    what: "CREATE INDEX CONCURRENTLY, DROP INDEX CONCURRENTLY, REINDEX CONCURRENTLY, DETACH \
            PARTITION CONCURRENTLY, VACUUM, CREATE DATABASE and ALTER SYSTEM commit in steps. In \
            a transaction the server refuses them.",
    waits: "No lock is taken: the statement fails with SQLSTATE 25001, and the transaction is \
            rolled back.",
    safer: "End the transaction before it. aludel runs such a statement outside of a transaction \
            by itself, if the file has no BEGIN before it.",
    bad: "BEGIN;\n\
            CREATE INDEX CONCURRENTLY docs_title_idx ON docs (title);\n\
            COMMIT;",
    good: "CREATE INDEX CONCURRENTLY docs_title_idx ON docs (title);",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let refused = it.facts().refused.as_ref();
    let told = refused.is_some_and(|it| it.contains("cannot run inside a transaction block"));
    let stands = it.statement.outside && it.in_block();
    if !told && !stands {
        return Vec::new();
    }
    let words = it.words();
    let name = words.iter().take(2).map(|it| it.to_uppercase()).collect::<Vec<_>>().join(" ");
    let message = format!("PostgreSQL refuses this form of {name} in a transaction");
    vec![Finding::new(message).safer("COMMIT before it, and BEGIN again after it")]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::sql;

    #[test]
    fn fires() {
        sql("begin")
            .then("create index concurrently i on t (a)")
            .then("commit")
            .fires(&RULE, "PostgreSQL refuses this form of CREATE INDEX in a transaction");
    }

    #[test]
    fn stays_quiet() {
        sql("begin").then("commit").then("create index concurrently i on t (a)").stays_quiet(&RULE);
    }
}
