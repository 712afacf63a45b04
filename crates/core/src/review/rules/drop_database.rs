//! DROP DATABASE.

use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "drop-database",
    name: "drop-database",
    severity: Severity::Error,
    summary: "DROP DATABASE",
    what: "Every table of the database is gone, and nothing restores it but a backup.",
    waits: "The statement fails while anyone is connected; WITH (FORCE) ends their sessions.",
    safer: "Not in a migration.",
    bad: "DROP DATABASE docs;",
    good: "ALTER DATABASE docs RENAME TO docs_dropped_in_may;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    match it.starts(&["drop", "database"]) {
        true => vec![Finding::new("DROP DATABASE drops every table of the database")],
        false => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::sql;

    #[test]
    fn fires() {
        sql("drop database d").fires(&RULE, "DROP DATABASE drops every table");
    }

    #[test]
    fn stays_quiet() {
        sql("drop table database").stays_quiet(&RULE);
    }
}
