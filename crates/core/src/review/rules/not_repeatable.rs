//! A step outside of a transaction that cannot be run twice.

use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "not-repeatable",
    name: "not-repeatable",
    severity: Severity::Info,
    summary: "DROP outside of a transaction without IF EXISTS in a file that aludel does not run",
    what: "If the file fails later, the step stays done, and the file fails at it when it is \
            run again. aludel records each such step of a revision and does not run it twice. \
            CREATE INDEX is another matter: see if-not-exists-index.",
    waits: "Nobody waits.",
    safer: "DROP INDEX CONCURRENTLY IF EXISTS.",
    bad: "DROP INDEX CONCURRENTLY docs_title_idx;",
    good: "DROP INDEX CONCURRENTLY IF EXISTS docs_title_idx;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let drops = it.statement.outside && it.starts(&["drop", "index"]);
    match drops && !it.has(&["if", "exists"]) && !it.is_revision() {
        true => {
            vec![Finding::new("the file cannot be run again after this step").safer("IF EXISTS")]
        }
        false => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::sql;

    #[test]
    fn fires() {
        sql("drop index concurrently i").fires(&RULE, "the file cannot be run again");
    }

    #[test]
    fn stays_quiet() {
        sql("drop index concurrently if exists i").stays_quiet(&RULE);
    }
}
