//! CREATE TABLE PARTITION OF.

use crate::plan::LockLevel;
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "partition-of-parent-lock",
    name: "G4",
    severity: Severity::Warning,
    summary: "CREATE TABLE … PARTITION OF locks the parent",
    what: "The new partition changes what every plan on the parent has to look at. If there is \
            a default partition, it is locked and scanned too.",
    waits: "ACCESS EXCLUSIVE on the parent, and on the default partition: reads and writes of \
            the whole table wait.",
    safer: "CREATE TABLE … (LIKE parent INCLUDING ALL) with a CHECK of the bound, then ATTACH \
            PARTITION, which lets reads and writes of the parent continue.",
    bad: "CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM (2026) TO (2027);",
    good: "CREATE TABLE events_2026 (LIKE events INCLUDING ALL, CHECK (year IS NOT NULL AND year >= 2026 AND year < 2027));\n\
            ALTER TABLE events ATTACH PARTITION events_2026 FOR VALUES FROM (2026) TO (2027);",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    if !it.starts(&["create"]) || !it.has(&["partition", "of"]) {
        return Vec::new();
    }
    let locks = it.table_locks(LockLevel::AccessExclusive);
    let found = locks.map(|lock| {
        let held = it.held(&lock.relation, lock.level);
        let scans = it.facts().scanned.iter().any(|it| it.table == lock.relation);
        let (told, severity) = match scans {
            true => (", and scans it", Severity::Error),
            false => ("", Severity::Warning),
        };
        let message = format!("CREATE TABLE … PARTITION OF takes {held}{told}");
        let finding = Finding::new(message).about(&lock.relation).at(it.place(&["partition"]));
        finding
            .severity(severity)
            .safer("CREATE TABLE (LIKE …) with a CHECK, then ATTACH PARTITION")
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::{P, T, sql};

    #[test]
    fn fires() {
        sql("create table p1 partition of t for values from (1) to (2)").has(T).locks(LockLevel::AccessExclusive, "t").fires(
            &RULE,
            "CREATE TABLE … PARTITION OF takes ACCESS EXCLUSIVE on table `t`: reads and writes wait",
        );
        sql("create table p1 partition of t for values from (10) to (20)")
            .has(P)
            .locks(LockLevel::AccessExclusive, "p")
            .scans("p")
            .fires(&RULE, "on table `p`: reads and writes wait, and scans it");
    }

    #[test]
    fn stays_quiet() {
        sql("create table t ()")
            .makes(T)
            .then("create table p1 partition of t default")
            .locks(LockLevel::AccessExclusive, "t")
            .stays_quiet(&RULE);
    }
}
