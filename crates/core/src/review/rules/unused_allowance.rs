//! An allowance that allows nothing.

use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "unused-allowance",
    name: "unused-allowance",
    severity: Severity::Warning,
    summary: "an allowance that allows nothing",
    what: "The directive names a rule that finds nothing in the statement below it. It would \
            hide the next hazard that somebody adds.",
    waits: "Nobody waits.",
    safer: "Remove the directive.",
    bad: "-- aludel: allow drop-table it is empty\n\
            ALTER TABLE docs ADD COLUMN note text;",
    good: "ALTER TABLE docs ADD COLUMN note text;",
    grows: false,
    check,
};

/// Allowances are counted where all rules are asked.
fn check(_: &Context<'_>) -> Vec<Finding> {
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::sql;

    use crate::review::{Policy, Surroundings, judge};

    fn codes(text: &str) -> Vec<&'static str> {
        let file = sql(text).in_revision().file();
        judge(&[file], &Policy::default(), &Surroundings::default())
            .into_iter()
            .map(|it| it.code)
            .collect()
    }

    #[test]
    fn fires() {
        assert_eq!(
            codes("-- aludel: allow drop-table it is empty\ncomment on table t is 'x'"),
            [RULE.code]
        );
        assert_eq!(
            codes("comment on table t is 'x';\n-- aludel: allow drop-table it is empty\n"),
            [RULE.code]
        );
    }

    #[test]
    fn stays_quiet() {
        assert_eq!(
            codes("-- aludel: batches by id, 5 rows\ncomment on table t is 'x'"),
            [] as [&str; 0]
        );
    }
}
