//! ATTACH PARTITION that builds the indexes of the parent.

use crate::plan::LockLevel;
use crate::review::context::Context;
use crate::review::facts::Footing;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "attach-builds-index",
    name: "G6",
    severity: Severity::Error,
    summary: "ATTACH PARTITION builds an index that the partition lacks",
    what: "A partition has every index of its parent. Those that it lacks are built inside \
            ATTACH.",
    waits: "ACCESS EXCLUSIVE on the partition for the duration of the build.",
    safer: "CREATE INDEX CONCURRENTLY on the partition first, with the same columns, operator \
            classes and predicate; ATTACH then takes it.",
    bad: "ALTER TABLE events ATTACH PARTITION events_2026 FOR VALUES FROM (2026) TO (2027);",
    good: "CREATE INDEX CONCURRENTLY events_2026_made_idx ON events_2026 (made);\n\
            ALTER TABLE events ATTACH PARTITION events_2026 FOR VALUES FROM (2026) TO (2027);",
    grows: true,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let built = &it.facts().built;
    if !it.alters_table() || !it.has(&["attach", "partition"]) || built.is_empty() {
        return Vec::new();
    }
    let scan = it.facts().scanned.iter().find(|it| it.footing == Footing::Existing);
    let lock = it.table_locks(LockLevel::AccessExclusive).next();
    let table = scan.map(|it| &it.table).or(lock.map(|it| &it.relation));
    let found = table.map(|table| {
        let held = it.held(table, LockLevel::AccessExclusive);
        let message =
            format!("ATTACH PARTITION builds index `{}` while it holds {held}", built.join("`, `"));
        let finding =
            Finding::new(message).about(table).grows_with(table).at(it.place(&["attach"]));
        finding.safer("CREATE INDEX CONCURRENTLY on the partition first")
    });
    found.into_iter().collect()
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
            .builds("t_a_idx")
            .fires(&RULE, "ATTACH PARTITION builds index `t_a_idx` while it holds ACCESS EXCLUSIVE on table `t`");
    }

    #[test]
    fn stays_quiet() {
        sql("alter table p attach partition t for values from (1) to (2)")
            .has(T)
            .locks(LockLevel::AccessExclusive, "t")
            .stays_quiet(&RULE);
    }
}
