//! ALTER TYPE RENAME VALUE.

use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "enum-rename-value",
    name: "enum-rename-value",
    severity: Severity::Warning,
    summary: "a label of an enum is renamed",
    what: "Clients read the new label at once, and fail when they write the old one.",
    waits: "EXCLUSIVE on the type, briefly.",
    safer: "Add the new label, release programs that know both, and UPDATE the rows in batches.",
    bad: "ALTER TYPE mood RENAME VALUE 'sad' TO 'unhappy';",
    good: "ALTER TYPE mood ADD VALUE 'unhappy' AFTER 'sad';",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let renames = it.starts(&["alter", "type"]) && it.has(&["rename", "value"]);
    match renames && !it.concerns_only_new() {
        true => {
            let message =
                "clients read the new label at once, and fail when they write the old one";
            vec![
                Finding::new(message)
                    .at(it.place(&["rename"]))
                    .safer("ADD VALUE, then UPDATE the rows"),
            ]
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
        sql("alter type mood rename value 'a' to 'b'")
            .fires(&RULE, "clients read the new label at once");
    }

    #[test]
    fn stays_quiet() {
        sql("alter type mood rename to feeling").stays_quiet(&RULE);
        sql("create type mood as enum ('a')")
            .makes("[enums]\nmood = [\"a\"]\n")
            .then("alter type mood rename value 'a' to 'b'")
            .stays_quiet(&RULE);
    }
}
