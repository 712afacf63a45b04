//! A strong lock without lock_timeout.

use crate::plan::LockLevel;
use crate::review::context::Context;
use crate::review::facts::{Footing, RelationKind, RelationLock, ReviewedStatement};
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "lock-timeout-missing",
    name: "lock-timeout-missing",
    severity: Severity::Warning,
    summary: "a file that aludel does not run locks a table or view in use without lock_timeout",
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
    let first = !it.earlier().any(|it| awaited(it).is_some());
    if it.is_revision() || !first || it.setting("lock_timeout").is_some() {
        return Vec::new();
    }
    let late = if it.is_set_later("lock_timeout") { "; it is set only after it" } else { "" };
    let found = awaited(it.statement).map(|lock| {
        let what = match lock.kind {
            RelationKind::Index => "index",
            RelationKind::View => "view",
            RelationKind::Table | RelationKind::Sequence => "table",
        };
        let (name, used) = (&lock.relation, lock.table.as_ref().unwrap_or(&lock.relation));
        let on = if used == name { "it".to_owned() } else { format!("table `{used}`") };
        let message = format!(
            "no lock_timeout: while the statement waits for {what} `{name}`, all queries on {on} queue{late}"
        );
        Finding::new(message).about(name).safer("SET lock_timeout = '2s'")
    });
    found.into_iter().collect()
}

/// The first lock of a statement on something in use for which queries queue: against the writes of a table, or
/// against the reads of a view, or of a table by its index.
pub(super) fn awaited(statement: &ReviewedStatement) -> Option<&RelationLock> {
    let locks = || statement.facts.locks.iter().filter(|it| it.footing == Footing::Existing);
    let is_strong = |it: &&RelationLock| match it.kind {
        RelationKind::Table => it.level >= LockLevel::Share,
        RelationKind::View | RelationKind::Index => it.level == LockLevel::AccessExclusive,
        RelationKind::Sequence => false,
    };
    let table = locks().filter(is_strong).find(|it| it.kind == RelationKind::Table);
    table.or_else(|| locks().find(is_strong))
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
        sql("alter index i attach partition pi")
            .has(T)
            .locks_index(LockLevel::AccessExclusive, "pi", "t")
            .fires(&RULE, "waits for index `pi`, all queries on table `t` queue");
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
