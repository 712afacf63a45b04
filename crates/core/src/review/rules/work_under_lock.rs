//! A long statement while an earlier one holds a strong lock.

use crate::plan::LockLevel;
use crate::review::context::{Context, held};
use crate::review::facts::{Footing, RelationKind, RelationLock};
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "work-under-lock",
    name: "work-under-lock",
    severity: Severity::Error,
    summary: "a statement reads or writes a whole table while its transaction holds a strong lock",
    what: "Locks are held to the end of the transaction. The lock of an earlier statement, \
            which is brief by itself, lasts as long as the scan, the rewrite or the build of \
            this one.",
    waits: "Everyone who uses the locked table, until the transaction ends.",
    safer: "COMMIT before the long statement.",
    bad: "BEGIN;\n\
            ALTER TABLE docs ADD COLUMN note text;\n\
            UPDATE marks SET seen = true;\n\
            COMMIT;",
    good: "ALTER TABLE docs ADD COLUMN note text;\n\
            COMMIT;\n\
            UPDATE marks SET seen = true;",
    grows: true,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    if !it.statement.takes_long() {
        return Vec::new();
    }
    // VALIDATE of a constraint that its transaction has added has a rule of its own.
    let together = |table: &str| it.has(&["validate", "constraint"]) && it.scans(table);
    let own =
        |table: &str| it.table_locks(LockLevel::AccessExclusive).any(|it| it.relation == table);
    let earlier = it.same_transaction().flat_map(|statement| {
        statement.facts.locks.iter().map(move |lock| (statement.source.line, lock))
    });
    let (long, table) = longest(it);
    // ALTER TABLE would take the lock on its own table by itself, and has rules for that.
    let itself = |name: &str| it.alters_table() && table.as_deref() == Some(name);
    let strong = earlier
        .filter(|(_, lock)| is_strong(lock) && !own(&lock.relation) && !itself(&lock.relation))
        .filter(|(_, lock)| !together(&lock.relation));
    let found = strong.max_by_key(|it| it.1.level).map(|(line, lock)| {
        let message = format!(
            "the statement {long} while its transaction holds {} (since line {line})",
            held(lock.level, &lock.relation)
        );
        let finding = Finding::new(message).about(&lock.relation).safer("COMMIT before it");
        match &table {
            Some(table) => finding.grows_with(table),
            None => finding,
        }
    });
    found.into_iter().collect()
}

fn is_strong(lock: &RelationLock) -> bool {
    lock.footing == Footing::Existing
        && lock.kind == RelationKind::Table
        && lock.level >= LockLevel::Share
}

/// What takes long in a statement, and the table whose rows decide how long.
fn longest(it: &Context<'_>) -> (String, Option<String>) {
    let facts = it.facts();
    let scan = facts.scanned.iter().find(|it| it.footing == Footing::Existing);
    let table = facts.rewritten.first().or(scan.map(|it| &it.table)).cloned();
    let what = match (facts.rewritten.first(), facts.built.first().or(facts.rebuilt.first()), scan)
    {
        (Some(table), _, _) => format!("rewrites table `{table}`"),
        (None, Some(index), _) => format!("builds index `{index}`"),
        (None, None, Some(scan)) => format!("scans table `{}`", scan.table),
        (None, None, None) => "takes long".to_owned(),
    };
    (what, table)
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
            .then("update s set a = 1")
            .locks(LockLevel::RowExclusive, "s")
            .scans("s")
            .fires(&RULE, "the statement scans table `s` while its transaction holds ACCESS EXCLUSIVE on table `t`: reads and writes wait (since line 1)");
        sql("alter table t add x int")
            .has(T)
            .locks(LockLevel::AccessExclusive, "t")
            .then("alter table s validate constraint k")
            .scans("s")
            .fires(&RULE, "the statement scans table `s` while its transaction holds ACCESS");
    }

    #[test]
    fn stays_quiet() {
        sql("alter table t add x int")
            .has(T)
            .locks(LockLevel::AccessExclusive, "t")
            .separately()
            .then("update s set a = 1")
            .scans("s")
            .stays_quiet(&RULE);
        sql("alter table t add x int")
            .has(T)
            .locks(LockLevel::AccessExclusive, "t")
            .then("alter table t alter a set not null")
            .scans("t")
            .stays_quiet(&RULE);
        sql("alter table t add constraint k check (a > 0) not valid")
            .has(T)
            .locks(LockLevel::AccessExclusive, "t")
            .then("alter table t validate constraint k")
            .scans("t")
            .stays_quiet(&RULE);
    }
}
