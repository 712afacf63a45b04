//! A statement that the parser does not read.

use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "shape-not-read",
    name: "shape-not-read",
    severity: Severity::Info,
    summary: "the clauses of a query were not read",
    what: "The parser of shapes does not know this form of PostgreSQL. What the statement \
            locks, rewrites and loses was measured all the same, but rules that look at clauses, \
            DELETE without WHERE and ORDER BY a distance, saw only its first words.",
    waits: "Unknown from the shape; the facts of the statement say it.",
    safer: "Read the statement, and its facts.",
    bad: "WITH RECURSIVE tree AS (…) SEARCH DEPTH FIRST BY id SET place\n\
            SELECT id FROM tree ORDER BY place;",
    good: "WITH RECURSIVE tree AS (…)\n\
            SELECT id FROM tree ORDER BY path;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let Some(reason) = it.shape().unread() else { return Vec::new() };
    if !it.has(&["delete", "from"]) && !it.has(&["order", "by"]) {
        return Vec::new();
    }
    let reason = reason.lines().next().unwrap_or_default();
    vec![Finding::new(format!("shape not read: {reason}"))]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::sql;

    #[test]
    fn fires() {
        sql("with recursive x as (select 1 as id) search depth first by id set place select id from x order by place")
            .fires(&RULE, "shape not read");
    }

    #[test]
    fn stays_quiet() {
        sql("create table t (a int)").stays_quiet(&RULE);
        sql("reindex table concurrently t").stays_quiet(&RULE);
    }
}
