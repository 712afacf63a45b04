//! ADD CHECK that reads every row.

use crate::model::constraint::ConstraintRule;
use crate::plan::LockLevel;
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "add-check-valid",
    name: "add-check-valid",
    severity: Severity::Error,
    summary: "ADD CHECK without NOT VALID scans the table under ACCESS EXCLUSIVE",
    what: "Every row is read while the statement holds its lock.",
    waits: "ACCESS EXCLUSIVE on the table for the duration of the scan: reads and writes wait. \
            With NOT VALID the lock is the same, but brief.",
    safer: "ADD CONSTRAINT … NOT VALID, which holds for new rows at once, and VALIDATE \
            CONSTRAINT in a later transaction, which lets reads and writes continue.",
    bad: "ALTER TABLE docs ADD CONSTRAINT docs_stars CHECK (stars > 0);",
    good: "ALTER TABLE docs ADD CONSTRAINT docs_stars CHECK (stars > 0) NOT VALID;\n\
            ALTER TABLE docs VALIDATE CONSTRAINT docs_stars;",
    grows: true,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let inline = it.added_columns().next().is_some();
    let checks = it.added_constraints().filter(|constraint| {
        let is_check = matches!(constraint.rule, ConstraintRule::Check { .. });
        is_check && constraint.validated && it.scans(&constraint.table) && !inline
    });
    let found = checks.map(|constraint| {
        let (name, table) = (&constraint.name, &constraint.table);
        let held = it.held(table, LockLevel::AccessExclusive);
        let message = format!("adding CHECK `{name}` scans table `{table}` while it holds {held}");
        let finding = Finding::new(message).about(name).grows_with(table).at(it.mention(name));
        finding.safer("ADD CONSTRAINT … NOT VALID, then VALIDATE CONSTRAINT in a later transaction")
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::{T, sql};

    const WITH: &str = "[tables.t.columns]\nid = \"bigint\"\na = \"integer?\"\nb = \"text?\"\n[tables.t.checks]\nk = \"a > 0\"\n";

    #[test]
    fn fires() {
        sql("alter table t add constraint k check (a > 0)")
            .has(T)
            .locks(LockLevel::AccessExclusive, "t")
            .scans("t")
            .makes(WITH)
            .fires(
                &RULE,
                "adding CHECK `k` scans table `t` while it holds ACCESS EXCLUSIVE on table `t`",
            );
    }

    #[test]
    fn stays_quiet() {
        sql("alter table t add constraint k check (a > 0) not valid")
            .has(T)
            .locks(LockLevel::AccessExclusive, "t")
            .makes(WITH)
            .stays_quiet(&RULE);
    }
}
