//! Work on a whole table under a strong lock that no other rule tells.

use crate::plan::LockLevel;
use crate::review::context::{Context, held};
use crate::review::facts::{Footing, RelationKind, RelationLock};
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "whole-table-work",
    name: "whole-table-work",
    severity: Severity::Error,
    summary: "a statement reads or rewrites a whole table under a lock that makes writes wait",
    what: "The server did so on the scratch database. It is told where no other rule knows the \
            form of the statement.",
    waits: "Everyone who uses the table, for as long as it is read or written.",
    safer: "The same change in steps: a new column or table, filled in batches.",
    bad: "ALTER TABLE docs ALTER COLUMN words SET EXPRESSION AS (length(body));",
    good: "ALTER TABLE docs ADD COLUMN words_new int;",
    grows: true,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let is_strong = |it: &&RelationLock| {
        let is_used = it.footing == Footing::Existing && it.kind == RelationKind::Table;
        is_used && it.level >= LockLevel::Share
    };
    let earlier = it.same_transaction().flat_map(|it| &it.facts.locks).filter(is_strong);
    let locks = it.table_locks(LockLevel::Share).chain(earlier);
    let found = locks.filter_map(|lock| {
        let table = &lock.relation;
        let work = match (it.rewrites(table), it.scans(table)) {
            (true, _) => "rewrites",
            (false, true) => "scans",
            (false, false) => return None,
        };
        let held = held(lock.level, table);
        let message = format!("the statement {work} table `{table}` while it holds {held}");
        Some(Finding::new(message).about(table).grows_with(table))
    });
    found.take(1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::{T, sql};

    #[test]
    fn fires() {
        sql("alter table t alter a set expression as (id)")
            .has(T)
            .locks(LockLevel::AccessExclusive, "t")
            .rewrites("t")
            .fires(&RULE, "the statement rewrites table `t` while it holds ACCESS EXCLUSIVE");
    }

    #[test]
    fn stays_quiet() {
        sql("alter table t add x int")
            .has(T)
            .locks(LockLevel::AccessExclusive, "t")
            .stays_quiet(&RULE);
        sql("alter table t validate constraint k")
            .has(T)
            .locks(LockLevel::ShareUpdateExclusive, "t")
            .scans("t")
            .stays_quiet(&RULE);
    }
}
