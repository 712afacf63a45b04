//! A statement of which nothing is known.

use crate::review::context::Context;
use crate::review::facts::FactsSource;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "not-measured",
    name: "not-measured",
    severity: Severity::Warning,
    summary: "a statement was not run",
    what: "The scratch engine did not run the statement, and the table of measured forms does \
            not have it. Its locks, rewrites and losses are unknown.",
    waits: "Unknown.",
    safer: "Give a disposable server with --dev-url, on which the statement can be run.",
    bad: "ALTER SUBSCRIPTION s REFRESH PUBLICATION;",
    good: "ALTER SUBSCRIPTION s REFRESH PUBLICATION; -- reviewed with --dev-url",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    if it.facts().refused.is_some() {
        return Vec::new();
    }
    match &it.facts().source {
        // What follows a refused statement is told once.
        FactsSource::Unknown(_)
            if it.earlier().any(|other| other.facts.source == it.facts().source) =>
        {
            Vec::new()
        }
        FactsSource::Unknown(reason) => {
            vec![Finding::new(format!("not measured: {reason}")).safer("review with --dev-url")]
        }
        FactsSource::Measured | FactsSource::Table => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::sql;

    #[test]
    fn fires() {
        sql("create subscription s connection '' publication p")
            .unknown("it is cluster-wide")
            .fires(&RULE, "not measured: it is cluster-wide");
    }

    #[test]
    fn stays_quiet() {
        sql("create table t ()").stays_quiet(&RULE);
        sql("drop table t")
            .unknown("PostgreSQL refuses it")
            .refused("others depend")
            .stays_quiet(&RULE);
    }
}
