//! ALTER TYPE ADD VALUE at the end.

use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "enum-value-position",
    name: "enum-value-position",
    severity: Severity::Info,
    summary: "ALTER TYPE ADD VALUE without BEFORE or AFTER",
    what: "The label is added at the end, and the order of labels is the order of ORDER BY and \
            of comparisons. It can neither be moved nor removed later.",
    waits: "EXCLUSIVE on the type, briefly.",
    safer: "Say the position.",
    bad: "ALTER TYPE mood ADD VALUE 'meh';",
    good: "ALTER TYPE mood ADD VALUE 'meh' AFTER 'sad';",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let words = it.words();
    let placed = words.contains(&"before") || words.contains(&"after");
    match it.starts(&["alter", "type"]) && it.has(&["add", "value"]) && !placed {
        true => vec![
            Finding::new("the label is added at the end of the order")
                .safer("BEFORE or AFTER a label"),
        ],
        false => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::sql;

    #[test]
    fn fires() {
        sql("alter type mood add value 'meh'").fires(&RULE, "the label is added at the end");
    }

    #[test]
    fn stays_quiet() {
        sql("alter type mood add value 'meh' after 'sad'").stays_quiet(&RULE);
    }
}
