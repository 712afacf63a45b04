//! A statement that the parser does not read.

use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "shape-not-read",
    name: "shape-not-read",
    severity: Severity::Info,
    summary: "the shape of a statement was not read",
    what: "The parser of shapes does not know this form of PostgreSQL. What the statement \
            locks, rewrites and loses was measured all the same, but rules that look at clauses, \
            such as DELETE without WHERE, saw only its first words.",
    waits: "Unknown from the shape; the facts of the statement say it.",
    safer: "Read the statement, and its facts.",
    bad: "REINDEX TABLE CONCURRENTLY docs;",
    good: "REINDEX TABLE CONCURRENTLY docs;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let Some(reason) = it.shape().unread() else { return Vec::new() };
    let reason = reason.lines().next().unwrap_or_default();
    vec![Finding::new(format!("shape not read: {reason}"))]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::sql;

    #[test]
    fn fires() {
        sql("reindex table concurrently t").fires(&RULE, "shape not read");
    }

    #[test]
    fn stays_quiet() {
        sql("create table t (a int)").stays_quiet(&RULE);
    }
}
