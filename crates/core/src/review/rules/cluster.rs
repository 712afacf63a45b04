//! CLUSTER.

use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "cluster",
    name: "cluster",
    severity: Severity::Error,
    summary: "CLUSTER writes the table again under ACCESS EXCLUSIVE",
    what: "The table is rewritten in the order of an index, with all its indexes. Later \
            changes do not keep the order.",
    waits: "ACCESS EXCLUSIVE on the table until it is done: reads and writes wait.",
    safer: "A tool that copies the table online.",
    bad: "CLUSTER docs USING docs_made_idx;",
    good: "ALTER TABLE docs CLUSTER ON docs_made_idx;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    match it.starts(&["cluster"]) && !it.names_only_new() {
        true => {
            let message = "CLUSTER takes ACCESS EXCLUSIVE while it writes the table again: reads and writes wait";
            vec![Finding::new(message)]
        }
        false => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::{T, sql};

    #[test]
    fn fires() {
        sql("cluster t using i").fires(&RULE, "CLUSTER takes ACCESS EXCLUSIVE");
    }

    #[test]
    fn stays_quiet() {
        sql("alter table t cluster on i").stays_quiet(&RULE);
        sql("create table t ()").makes(T).then("cluster t using i").stays_quiet(&RULE);
    }
}
