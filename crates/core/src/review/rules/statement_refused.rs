//! A statement that the server refused.

use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "statement-refused",
    name: "statement-refused",
    severity: Severity::Error,
    summary: "the server refused a statement with rows in the tables",
    what: "The statement was run on a scratch database, after the history before it and with \
            rows in its tables, and it failed.",
    waits: "Nobody waits: the statement fails, and its transaction is rolled back.",
    safer: "Read the message of the server.",
    bad: "ALTER TABLE docs ALTER COLUMN embedding TYPE vector(4);",
    good: "ALTER TABLE docs ADD COLUMN embedding_new vector(4);",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let refused = it.facts().refused.iter();
    let first = |it: &String| it.lines().next().unwrap_or_default().to_owned();
    refused
        .map(|it| Finding::new(format!("the server refuses the statement: {}", first(it))))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::sql;

    #[test]
    fn fires() {
        sql("drop table r")
            .refused("cannot drop table r because other objects depend on it")
            .fires(&RULE, "the server refuses the statement: cannot drop table r");
    }

    #[test]
    fn stays_quiet() {
        sql("drop table r").stays_quiet(&RULE);
    }
}
