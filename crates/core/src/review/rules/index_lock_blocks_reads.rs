//! A lock on an index alone that makes every query wait.

use crate::plan::LockLevel;
use crate::review::context::Context;
use crate::review::facts::RelationKind;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "index-lock-blocks-reads",
    name: "index-lock-blocks-reads",
    severity: Severity::Warning,
    summary: "ACCESS EXCLUSIVE on an index of a table in use, not on the table",
    what: "ALTER INDEX … ATTACH PARTITION, SET TABLESPACE and SET of an HNSW parameter lock \
            only the index. Planning a query locks every index of its tables, so every query on \
            the table waits nevertheless.",
    waits: "ACCESS EXCLUSIVE on the index: new reads and writes of the table wait until the \
            transaction ends.",
    safer: "A transaction of its own with a lock_timeout, retried. For SET TABLESPACE, REINDEX \
            (TABLESPACE x, CONCURRENTLY).",
    bad: "ALTER INDEX docs_title_idx SET TABLESPACE fast;",
    good: "REINDEX (TABLESPACE fast, CONCURRENTLY) INDEX docs_title_idx;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    if it.starts(&["reindex"]) || it.starts(&["drop"]) {
        return Vec::new();
    }
    let locked = |table: &str| {
        let mut locks = it.existing_locks().filter(|it| it.level == LockLevel::AccessExclusive);
        locks.any(|it| it.relation == table)
    };
    let indexes = it.existing_locks().filter(|lock| {
        let alone = lock.table.as_deref().is_some_and(|table| !locked(table));
        lock.kind == RelationKind::Index && lock.level == LockLevel::AccessExclusive && alone
    });
    let found = indexes.map(|lock| {
        let table = lock.table.as_deref().unwrap_or_default();
        let copied = it.facts().rebuilt.contains(&lock.relation);
        let (until, severity, safer) = match copied {
            true => {
                (" until it is copied", Severity::Error, "REINDEX (TABLESPACE x, CONCURRENTLY)")
            }
            false => ("", Severity::Warning, "a transaction of its own with a lock_timeout"),
        };
        let message = format!(
            "ACCESS EXCLUSIVE on index `{}`: new reads and writes of table `{table}` wait{until}, \
             because planning locks every index",
            lock.relation
        );
        Finding::new(message).about(&lock.relation).severity(severity).safer(safer)
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::{T, sql};

    #[test]
    fn fires() {
        sql("alter index i set tablespace x")
            .has(T)
            .locks_index(LockLevel::AccessExclusive, "i", "t")
            .fires(&RULE, "ACCESS EXCLUSIVE on index `i`: new reads and writes of table `t` wait");
        sql("alter index i set tablespace x")
            .has(T)
            .locks_index(LockLevel::AccessExclusive, "i", "t")
            .rebuilds("i")
            .fires(&RULE, "new reads and writes of table `t` wait until it is copied");
    }

    #[test]
    fn stays_quiet() {
        sql("alter table t alter a type bigint")
            .has(T)
            .locks(LockLevel::AccessExclusive, "t")
            .locks_index(LockLevel::AccessExclusive, "i", "t")
            .stays_quiet(&RULE);
    }
}
