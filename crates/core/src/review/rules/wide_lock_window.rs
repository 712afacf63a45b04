//! One transaction that locks several tables.

use std::collections::BTreeSet;

use crate::plan::LockLevel;
use crate::review::context::Context;
use crate::review::facts::{Footing, RelationKind, ReviewedStatement};
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "wide-lock-window",
    name: "wide-lock-window",
    severity: Severity::Warning,
    summary: "one transaction takes ACCESS EXCLUSIVE on several tables, one after the other",
    what: "While it waits for the second table, it holds the first. Programs that use the two \
            in another order end in a deadlock with it.",
    waits: "Reads and writes of all these tables, until the transaction ends.",
    safer: "A transaction for each table.",
    bad: "BEGIN;\n\
            ALTER TABLE docs ADD COLUMN note text;\n\
            ALTER TABLE users ADD COLUMN note text;\n\
            COMMIT;",
    good: "ALTER TABLE docs ADD COLUMN note text;\n\
            COMMIT;\n\
            ALTER TABLE users ADD COLUMN note text;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let earlier: BTreeSet<&str> = it.same_transaction().flat_map(locked).collect();
    let own = locked(it.statement).into_iter().find(|table| !earlier.contains(table));
    let found = own.filter(|_| earlier.len() == 1).map(|table| {
        let other = earlier.iter().next().copied().unwrap_or_default();
        let message = format!("the transaction waits for table `{table}` while it holds ACCESS EXCLUSIVE on table `{other}`");
        Finding::new(message).about(table).safer("COMMIT before it")
    });
    found.into_iter().collect()
}

fn locked(statement: &ReviewedStatement) -> Vec<&str> {
    let strong = statement.facts.locks.iter().filter(|it| {
        it.level == LockLevel::AccessExclusive
            && it.footing == Footing::Existing
            && it.kind == RelationKind::Table
    });
    strong.map(|it| it.relation.as_str()).collect()
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
            .then("alter table s add x int")
            .locks(LockLevel::AccessExclusive, "s")
            .fires(
                &RULE,
                "the transaction waits for table `s` while it holds ACCESS EXCLUSIVE on table `t`",
            );
    }

    #[test]
    fn stays_quiet() {
        sql("alter table t add x int")
            .has(T)
            .locks(LockLevel::AccessExclusive, "t")
            .then("alter table t add y int")
            .locks(LockLevel::AccessExclusive, "t")
            .stays_quiet(&RULE);
    }
}
