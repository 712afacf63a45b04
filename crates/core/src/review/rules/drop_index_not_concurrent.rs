//! DROP INDEX that blocks reads and writes.

use crate::plan::LockLevel;
use crate::review::context::{Context, parse_name};
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "drop-index-not-concurrent",
    name: "drop-index-not-concurrent",
    severity: Severity::Warning,
    summary: "DROP INDEX without CONCURRENTLY on a table in use",
    what: "The index is dropped at once, but the statement waits for every transaction that has \
            used the table, and everything else queues behind it.",
    waits: "ACCESS EXCLUSIVE on the table, although only the index is dropped: reads and writes \
            wait until the transaction ends.",
    safer: "DROP INDEX CONCURRENTLY, outside of a transaction. It is refused for an index of a \
            partitioned table and for one of a constraint.",
    bad: "DROP INDEX docs_title_idx;",
    good: "DROP INDEX CONCURRENTLY docs_title_idx;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    if !it.starts(&["drop", "index"]) || it.has(&["index", "concurrently"]) {
        return Vec::new();
    }
    let locks = it.table_locks(LockLevel::AccessExclusive);
    locks
        .filter(|lock| !it.is_locked_as_part(lock))
        .map(|lock| {
            let held = it.held(&lock.relation, lock.level);
            let safer = match it.is_partitioned(&parse_name(&lock.relation)) {
                true => "there is no concurrent form on a partitioned table: a short lock_timeout",
                false => "DROP INDEX CONCURRENTLY",
            };
            let finding = Finding::new(format!("DROP INDEX takes {held}"));
            finding.safer(safer).about(&lock.relation)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::{P, T, sql};

    #[test]
    fn fires() {
        sql("drop index i")
            .has(T)
            .locks(LockLevel::AccessExclusive, "t")
            .fires(&RULE, "DROP INDEX takes ACCESS EXCLUSIVE on table `t`: reads and writes wait");
        sql("drop index i")
            .has(P)
            .locks(LockLevel::AccessExclusive, "p")
            .locks(LockLevel::AccessExclusive, "t")
            .fires_once(&RULE, "DROP INDEX takes ACCESS EXCLUSIVE on table `t`");
    }

    #[test]
    fn stays_quiet() {
        sql("drop index concurrently i")
            .has(T)
            .locks(LockLevel::ShareUpdateExclusive, "t")
            .stays_quiet(&RULE);
        sql("create table t ()")
            .makes(T)
            .then("drop index i")
            .locks(LockLevel::AccessExclusive, "t")
            .stays_quiet(&RULE);
    }
}
