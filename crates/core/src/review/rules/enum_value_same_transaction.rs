//! A new label that is used before its commit.

use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "enum-value-same-transaction",
    name: "enum-value-same-transaction",
    severity: Severity::Error,
    summary: "a new label of an enum is used in the transaction that adds it",
    what: "PostgreSQL adds the label in a transaction, but refuses to use it before the commit.",
    waits: "Nobody waits: the statement fails.",
    safer: "COMMIT between the two. aludel commits after ALTER TYPE … ADD VALUE by itself.",
    bad: "BEGIN;\n\
            ALTER TYPE mood ADD VALUE 'meh';\n\
            UPDATE people SET mood = 'meh' WHERE mood IS NULL;\n\
            COMMIT;",
    good: "ALTER TYPE mood ADD VALUE 'meh';\n\
            COMMIT;\n\
            UPDATE people SET mood = 'meh' WHERE mood IS NULL;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let refused = it.facts().refused.iter().filter(|it| it.contains("unsafe use of new value"));
    let first = |it: &String| it.lines().next().unwrap_or_default().to_owned();
    refused.map(|it| Finding::new(first(it)).safer("COMMIT after ALTER TYPE … ADD VALUE")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::sql;

    #[test]
    fn fires() {
        sql("alter type mood add value 'meh'")
            .then("update t set e = 'meh' where id = 1")
            .refused("unsafe use of new value \"meh\" of enum type mood")
            .fires(&RULE, "unsafe use of new value \"meh\"");
    }

    #[test]
    fn stays_quiet() {
        sql("update t set e = 'meh' where id = 1").stays_quiet(&RULE);
    }
}
