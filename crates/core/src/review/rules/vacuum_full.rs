//! VACUUM FULL.

use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "vacuum-full",
    name: "vacuum-full",
    severity: Severity::Error,
    summary: "VACUUM FULL writes the table again under ACCESS EXCLUSIVE",
    what: "The table and all its indexes are rewritten without dead rows.",
    waits: "ACCESS EXCLUSIVE on the table until it is done: reads and writes wait. Twice the \
            disk space is needed meanwhile.",
    safer: "VACUUM without FULL, or a tool that copies the table online.",
    bad: "VACUUM FULL docs;",
    good: "VACUUM docs;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    match it.starts(&["vacuum"]) && it.words().contains(&"full") && !it.names_only_new() {
        true => {
            let message = "VACUUM FULL takes ACCESS EXCLUSIVE while it writes the table again: reads and writes wait";
            vec![Finding::new(message).safer("VACUUM without FULL")]
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
        sql("vacuum (full) t").fires(&RULE, "VACUUM FULL takes ACCESS EXCLUSIVE");
    }

    #[test]
    fn stays_quiet() {
        sql("vacuum t").stays_quiet(&RULE);
    }
}
