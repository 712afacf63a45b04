//! A strong lock without lock_timeout.

use crate::plan::LockLevel;
use crate::review::context::Context;
use crate::review::facts::{Footing, RelationKind, ReviewedStatement};
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "lock-timeout-missing",
    name: "lock-timeout-missing",
    severity: Severity::Warning,
    summary: "a file that aludel does not run locks a table in use without lock_timeout",
    what: "The statement waits for every transaction that uses the table, and all later queries \
            on the table queue behind it. A revision needs no setting: aludel sets lock_timeout \
            and retries.",
    waits: "Everyone who uses the table, for as long as the oldest transaction on it runs.",
    safer: "SET lock_timeout before the first such statement, and run the file again if it \
            fails.",
    bad: "ALTER TABLE docs ADD COLUMN note text;",
    good: "SET lock_timeout = '2s';\n\
            ALTER TABLE docs ADD COLUMN note text;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let first = !it.earlier().any(|it| locks(it).is_some());
    if it.is_revision() || !first || it.setting("lock_timeout").is_some() {
        return Vec::new();
    }
    let late = if it.is_set_later("lock_timeout") { "; it is set only after it" } else { "" };
    let found = locks(it.statement).map(|table| {
        let message = format!("no lock_timeout: while the statement waits for table `{table}`, all queries on it queue{late}");
        Finding::new(message).about(table).safer("SET lock_timeout = '2s'")
    });
    found.into_iter().collect()
}

/// The first table in use that a statement locks against writes.
fn locks(statement: &ReviewedStatement) -> Option<&str> {
    let mut locks = statement.facts.locks.iter();
    let strong = locks.find(|it| {
        it.level >= LockLevel::Share
            && it.footing == Footing::Existing
            && it.kind == RelationKind::Table
    });
    strong.map(|it| it.relation.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::{T, sql};

    #[test]
    fn fires() {
        sql("alter table t add x int")
            .has(T)
            .locks(LockLevel::AccessExclusive, "t")
            .then("set lock_timeout = '1s'")
            .fires(&RULE, "all queries on it queue; it is set only after it");
    }

    #[test]
    fn stays_quiet() {
        sql("set lock_timeout = '1s'")
            .has(T)
            .then("alter table t add x int")
            .locks(LockLevel::AccessExclusive, "t")
            .stays_quiet(&RULE);
        sql("alter table t add x int")
            .has(T)
            .in_revision()
            .locks(LockLevel::AccessExclusive, "t")
            .stays_quiet(&RULE);
    }
}
