//! ANALYZE in a migration.

use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "analyze-load",
    name: "analyze-load",
    severity: Severity::Info,
    summary: "ANALYZE in a migration",
    what: "A sample of each table is read, and plans of all queries can change with the new \
            statistics.",
    waits: "SHARE UPDATE EXCLUSIVE on the table: reads and writes continue. In a transaction the \
            lock is held to its end.",
    safer: "One table at a time, at a time of little traffic.",
    bad: "ANALYZE;",
    good: "ANALYZE docs;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    match it.starts(&["analyze"]) || it.starts(&["vacuum", "analyze"]) {
        true => vec![Finding::new("ANALYZE reads a sample of each table, and plans can change")],
        false => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::sql;

    #[test]
    fn fires() {
        sql("analyze").fires(&RULE, "ANALYZE reads a sample");
    }

    #[test]
    fn stays_quiet() {
        sql("explain analyze select 1").stays_quiet(&RULE);
    }
}
