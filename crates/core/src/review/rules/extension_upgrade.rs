//! ALTER EXTENSION UPDATE.

use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "extension-upgrade",
    name: "extension-upgrade",
    severity: Severity::Warning,
    summary: "ALTER EXTENSION UPDATE",
    what: "The catalog changes to the new version, and nothing reverts it: extensions have no \
            downgrade scripts. The library of the new version must be installed on every node \
            before.",
    waits: "No lock on tables, unless the script of the extension takes one.",
    safer: "A revision of its own, after the library is installed, and with a look at the \
            changelog of the extension.",
    bad: "ALTER EXTENSION vector UPDATE;",
    good: "ALTER EXTENSION vector UPDATE TO '0.8.5';",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    match it.starts(&["alter", "extension"]) && it.words().contains(&"update") {
        true => vec![Finding::new("the update of an extension cannot be reverted")],
        false => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::sql;

    #[test]
    fn fires() {
        sql("alter extension vector update")
            .fires(&RULE, "the update of an extension cannot be reverted");
    }

    #[test]
    fn stays_quiet() {
        sql("alter extension vector set schema x").stays_quiet(&RULE);
    }
}
