//! A statement that the server refused.

use crate::review::context::Context;
use crate::review::facts::FactsSource;
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
    let Some(refused) = &it.facts().refused else { return Vec::new() };
    let first = refused.lines().next().unwrap_or_default();
    // What was measured ran without rows, so it is the rows that are refused, and those are invented.
    let finding = match &it.facts().source {
        FactsSource::Measured => Finding {
            severity: Some(Severity::Warning),
            ..Finding::new(format!("the server refuses the statement with test rows: {first}"))
        },
        FactsSource::Unknown(_) | FactsSource::Table => {
            Finding::new(format!("the server refuses the statement: {first}"))
        }
    };
    vec![finding]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::sql;

    #[test]
    fn fires() {
        sql("drop table r")
            .unknown("it is refused")
            .refused("cannot drop table r because other objects depend on it")
            .fires(&RULE, "the server refuses the statement: cannot drop table r");
        sql("create unique index i on t (a)")
            .refused("could not create unique index \"i\"")
            .fires(&RULE, "the server refuses the statement with test rows: could not create");
    }

    #[test]
    fn stays_quiet() {
        sql("drop table r").stays_quiet(&RULE);
    }
}
