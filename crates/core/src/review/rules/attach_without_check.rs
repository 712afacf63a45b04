//! ATTACH PARTITION that reads the partition under its lock.

use crate::plan::LockLevel;
use crate::review::context::Context;
use crate::review::facts::Footing;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "attach-without-check",
    name: "attach-without-check",
    severity: Severity::Error,
    summary: "ATTACH PARTITION scans the partition, or the default partition, under ACCESS \
            EXCLUSIVE",
    what: "Every row has to be within the bound, and no row of the default partition may be. \
            Without a validated CHECK that proves it both are read.",
    waits: "ACCESS EXCLUSIVE on the scanned table; on the default partition that blocks reads \
            and writes of the whole table.",
    safer: "ADD CHECK … NOT VALID of the bound, VALIDATE CONSTRAINT, ATTACH PARTITION, and drop \
            the CHECK. On the default partition a CHECK that excludes the bound.",
    bad: "ALTER TABLE events ATTACH PARTITION events_2026 FOR VALUES FROM (2026) TO (2027);",
    good: "ALTER TABLE events_2026 ADD CONSTRAINT bound CHECK (year IS NOT NULL AND year >= 2026 AND year < 2027) NOT VALID;\n\
            ALTER TABLE events_2026 VALIDATE CONSTRAINT bound;\n\
            ALTER TABLE events ATTACH PARTITION events_2026 FOR VALUES FROM (2026) TO (2027);",
    grows: true,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    if !it.alters_table() || !it.has(&["attach", "partition"]) || !it.facts().built.is_empty() {
        return Vec::new();
    }
    let scans = it.facts().scanned.iter().filter(|it| it.footing == Footing::Existing);
    let found = scans.map(|scan| {
        let held = it.held(&scan.table, LockLevel::AccessExclusive);
        let message =
            format!("ATTACH PARTITION scans table `{}` while it holds {held}", scan.table);
        let finding = Finding::new(message).about(&scan.table).grows_with(&scan.table);
        finding.at(it.place(&["attach"])).safer("a validated CHECK of the bound before it")
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::{T, sql};

    #[test]
    fn fires() {
        sql("alter table p attach partition t for values from (1) to (2)")
            .has(T)
            .locks(LockLevel::AccessExclusive, "t")
            .scans("t")
            .fires(
                &RULE,
                "ATTACH PARTITION scans table `t` while it holds ACCESS EXCLUSIVE on table `t`",
            );
    }

    #[test]
    fn stays_quiet() {
        sql("alter table p attach partition t for values from (1) to (2)")
            .has(T)
            .locks(LockLevel::AccessExclusive, "t")
            .stays_quiet(&RULE);
    }
}
