//! REINDEX that blocks.

use crate::plan::LockLevel;
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "reindex-not-concurrent",
    name: "reindex-not-concurrent",
    severity: Severity::Error,
    summary: "REINDEX without CONCURRENTLY of a table in use",
    what: "Each index is built again while it is locked.",
    waits: "SHARE on the table and ACCESS EXCLUSIVE on each index: writes wait. So do new reads, \
            because planning a query locks every index of the table.",
    safer: "REINDEX (CONCURRENTLY), outside of a transaction. If it fails, drop the invalid \
            index that it leaves, whose name ends in _ccnew.",
    bad: "REINDEX TABLE docs;",
    good: "REINDEX TABLE CONCURRENTLY docs;",
    grows: true,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    if !it.starts(&["reindex"]) || it.words().contains(&"concurrently") {
        return Vec::new();
    }
    let locks: Vec<_> = it.table_locks(LockLevel::Share).collect();
    let known = locks.iter().map(|lock| {
        let message = format!(
            "REINDEX takes {} on table `{}` and ACCESS EXCLUSIVE on its indexes: writes wait, and \
             so do new reads",
            lock.level.name(),
            lock.relation
        );
        let finding = Finding::new(message).safer("REINDEX … CONCURRENTLY");
        finding.about(&lock.relation).grows_with(&lock.relation)
    });
    let found: Vec<_> = known.collect();
    if found.is_empty() && !it.is_known() {
        let message = "REINDEX takes ACCESS EXCLUSIVE on the indexes: writes and new reads wait";
        return vec![Finding::new(message).safer("REINDEX … CONCURRENTLY")];
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::{T, sql};

    #[test]
    fn fires() {
        sql("reindex table t")
            .has(T)
            .locks(LockLevel::Share, "t")
            .rebuilds("i")
            .fires(&RULE, "and so do new reads");
    }

    #[test]
    fn stays_quiet() {
        sql("reindex table concurrently t").has(T).stays_quiet(&RULE);
    }
}
