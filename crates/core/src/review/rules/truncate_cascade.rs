//! TRUNCATE CASCADE.

use crate::plan::LockLevel;
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "truncate-cascade",
    name: "truncate-cascade",
    severity: Severity::Error,
    summary: "TRUNCATE CASCADE empties tables that it does not name",
    what: "Every table with a foreign key to the table is emptied as well, and every table that \
            references those.",
    waits: "ACCESS EXCLUSIVE on all of them until the transaction ends: reads and writes wait.",
    safer: "Name every table. TRUNCATE without CASCADE is refused while others reference the \
            table.",
    bad: "TRUNCATE authors CASCADE;",
    good: "TRUNCATE authors, docs;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    if !it.starts(&["truncate"]) || !it.words().contains(&"cascade") {
        return Vec::new();
    }
    let tables: Vec<_> =
        it.table_locks(LockLevel::AccessExclusive).map(|it| format!("`{}`", it.relation)).collect();
    let message = match tables.is_empty() {
        true => "TRUNCATE CASCADE empties every table that references the table".to_owned(),
        false => format!("TRUNCATE CASCADE removes all rows of {}", tables.join(", ")),
    };
    vec![Finding::new(message).safer("name every table").at(it.place(&["cascade"]))]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::sql;

    #[test]
    fn fires() {
        sql("truncate r cascade")
            .locks(LockLevel::AccessExclusive, "r")
            .locks(LockLevel::AccessExclusive, "t")
            .fires(&RULE, "TRUNCATE CASCADE removes all rows of `r`, `t`");
    }

    #[test]
    fn stays_quiet() {
        sql("truncate r").stays_quiet(&RULE);
    }
}
