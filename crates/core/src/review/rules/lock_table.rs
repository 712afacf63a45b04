//! LOCK TABLE.

use crate::plan::LockLevel;
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "lock-table",
    name: "lock-table",
    severity: Severity::Warning,
    summary: "LOCK TABLE keeps a strong lock until the transaction ends",
    what: "The lock is taken before the statements that need it, and lasts as long as all of \
            them. Without a mode it is the strongest.",
    waits: "With ACCESS EXCLUSIVE reads and writes of the table, with SHARE and stronger its \
            writes, until the transaction ends.",
    safer: "The weakest mode that is enough, NOWAIT or a lock_timeout, and a short transaction.",
    bad: "LOCK TABLE docs;",
    good: "LOCK TABLE docs IN SHARE ROW EXCLUSIVE MODE NOWAIT;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    if !it.starts(&["lock"]) || it.words().contains(&"nowait") {
        return Vec::new();
    }
    let locks = it.table_locks(LockLevel::Share);
    let found = locks.map(|lock| {
        let finding =
            Finding::new(format!("LOCK TABLE takes {}", it.held(&lock.relation, lock.level)));
        finding.about(&lock.relation).safer("a weaker mode, with NOWAIT")
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::{T, sql};

    #[test]
    fn fires() {
        sql("lock table t")
            .has(T)
            .locks(LockLevel::AccessExclusive, "t")
            .fires(&RULE, "LOCK TABLE takes ACCESS EXCLUSIVE on table `t`");
    }

    #[test]
    fn stays_quiet() {
        sql("lock table t in access share mode").has(T).stays_quiet(&RULE);
    }
}
