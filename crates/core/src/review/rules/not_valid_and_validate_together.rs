//! NOT VALID and VALIDATE in one transaction.

use crate::plan::LockLevel;
use crate::review::context::Context;
use crate::review::facts::{Footing, ReviewedStatement};
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "not-valid-and-validate-together",
    name: "not-valid-and-validate-together",
    severity: Severity::Error,
    summary: "VALIDATE CONSTRAINT in the transaction that holds the lock of ADD CONSTRAINT",
    what: "VALIDATE takes a weak lock, but the transaction keeps the strong one of the \
            statement that added the constraint, so the scan runs under that.",
    waits: "ACCESS EXCLUSIVE for a CHECK, SHARE ROW EXCLUSIVE for a foreign key, for the \
            duration of the scan.",
    safer: "COMMIT between the two.",
    bad: "BEGIN;\n\
            ALTER TABLE docs ADD CONSTRAINT docs_stars CHECK (stars > 0) NOT VALID;\n\
            ALTER TABLE docs VALIDATE CONSTRAINT docs_stars;\n\
            COMMIT;",
    good: "ALTER TABLE docs ADD CONSTRAINT docs_stars CHECK (stars > 0) NOT VALID;\n\
            COMMIT;\n\
            ALTER TABLE docs VALIDATE CONSTRAINT docs_stars;",
    grows: true,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    if !it.has(&["validate", "constraint"]) {
        return Vec::new();
    }
    let scans = it.facts().scanned.iter().filter(|it| it.footing == Footing::Existing);
    let found = scans.filter_map(|scan| {
        let (line, level) = it.same_transaction().find_map(|it| locks(it, &scan.table))?;
        let held = crate::review::context::held(level, &scan.table);
        let message = format!("VALIDATE CONSTRAINT scans table `{}` while its transaction holds {held} (since line {line})", scan.table);
        Some(Finding::new(message).about(&scan.table).grows_with(&scan.table).safer("COMMIT before it"))
    });
    found.collect()
}

/// The line of a statement and the lock that it took on a table, if that makes writes wait.
fn locks(statement: &ReviewedStatement, table: &str) -> Option<(usize, LockLevel)> {
    let mut locks = statement.facts.locks.iter();
    let lock = locks.find(|it| it.relation == table && it.level >= LockLevel::Share)?;
    Some((statement.source.line, lock.level))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::{T, sql};

    #[test]
    fn fires() {
        sql("alter table t add constraint k check (a > 0) not valid")
            .has(T)
            .locks(LockLevel::AccessExclusive, "t")
            .then("alter table t validate constraint k")
            .scans("t")
            .fires(&RULE, "scans table `t` while its transaction holds ACCESS EXCLUSIVE on table `t`: reads and writes wait (since line 1)");
    }

    #[test]
    fn stays_quiet() {
        sql("alter table t add constraint k check (a > 0) not valid")
            .has(T)
            .locks(LockLevel::AccessExclusive, "t")
            .separately()
            .then("alter table t validate constraint k")
            .scans("t")
            .stays_quiet(&RULE);
    }
}
