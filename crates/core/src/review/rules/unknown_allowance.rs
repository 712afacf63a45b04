//! An allowance of a rule that does not exist.

use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "unknown-allowance",
    name: "unknown-allowance",
    severity: Severity::Error,
    summary: "an allowance names a code that does not exist",
    what: "The directive has no effect.",
    waits: "Nobody waits.",
    safer: "Write the code as the hazard shows it.",
    bad: "-- aludel: allow drop-tabel it is empty\n\
            DROP TABLE docs;",
    good: "-- aludel: allow drop-table it is empty\n\
            DROP TABLE docs;",
    grows: false,
    check,
};

/// Allowances are read where all rules are asked.
fn check(_: &Context<'_>) -> Vec<Finding> {
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::sql;

    use crate::review::{Policy, Surroundings, judge};

    fn found(text: &str) -> Vec<(&'static str, Option<String>)> {
        let file = sql(text).in_revision().file();
        let found = judge(&[file], &Policy::default(), &Surroundings::default());
        found.into_iter().map(|it| (it.code, it.safer)).collect()
    }

    #[test]
    fn fires() {
        let expected = (RULE.code, Some("Did you mean `drop-table`?".to_owned()));
        assert_eq!(
            found("-- aludel: allow drop-tabel it is empty\ncomment on table t is 'x'"),
            [expected]
        );
    }

    #[test]
    fn stays_quiet() {
        assert_eq!(found("comment on table t is 'x'"), []);
    }
}
