//! DETACH PARTITION that blocks the parent.

use crate::plan::LockLevel;
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "detach-not-concurrent",
    name: "detach-not-concurrent",
    severity: Severity::Warning,
    summary: "DETACH PARTITION without CONCURRENTLY",
    what: "The partition leaves its parent with its rows; queries on the parent no longer find \
            them.",
    waits: "ACCESS EXCLUSIVE on the parent and on the partition: reads and writes of the whole \
            table wait.",
    safer: "DETACH PARTITION … CONCURRENTLY, outside of a transaction. It is refused while there \
            is a default partition.",
    bad: "ALTER TABLE events DETACH PARTITION events_2020;",
    good: "ALTER TABLE events DETACH PARTITION events_2020 CONCURRENTLY;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let words = it.words();
    let other = words.contains(&"concurrently") || words.contains(&"finalize");
    if !it.alters_table() || !it.has(&["detach", "partition"]) || other {
        return Vec::new();
    }
    let lock = it
        .table_locks(LockLevel::AccessExclusive)
        .find(|lock| it.is_partitioned(&crate::review::context::parse_name(&lock.relation)));
    let found = lock.map(|lock| {
        let message = format!("DETACH PARTITION takes {}", it.held(&lock.relation, lock.level));
        let finding = Finding::new(message).about(&lock.relation).at(it.place(&["detach"]));
        finding.safer("DETACH PARTITION … CONCURRENTLY")
    });
    found.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::sql;

    const P: &str =
        "[tables.p]\npartition_by = \"RANGE (a)\"\n[tables.p.columns]\na = \"integer\"\n";

    #[test]
    fn fires() {
        sql("alter table p detach partition p1")
            .has(P)
            .locks(LockLevel::AccessExclusive, "p")
            .fires(
                &RULE,
                "DETACH PARTITION takes ACCESS EXCLUSIVE on table `p`: reads and writes wait",
            );
    }

    #[test]
    fn stays_quiet() {
        sql("alter table p detach partition p1 concurrently")
            .has(P)
            .locks(LockLevel::ShareUpdateExclusive, "p")
            .stays_quiet(&RULE);
    }
}
