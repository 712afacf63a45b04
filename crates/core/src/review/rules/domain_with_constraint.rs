//! A domain whose constraint is checked in every table.

use crate::plan::LockLevel;
use crate::review::context::Context;
use crate::review::facts::Footing;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "domain-with-constraint",
    name: "domain-with-constraint",
    severity: Severity::Warning,
    summary: "a constraint of a domain is checked in every table that uses it",
    what: "ADD CONSTRAINT, VALIDATE CONSTRAINT and SET NOT NULL of a domain read every table \
            that has a column of it.",
    waits: "SHARE on every such table, for the duration of all scans: writes wait.",
    safer: "ADD CONSTRAINT … NOT VALID, and VALIDATE CONSTRAINT in a transaction of its own; or \
            a CHECK on the tables.",
    bad: "ALTER DOMAIN stars ADD CONSTRAINT positive CHECK (VALUE > 0);",
    good: "ALTER DOMAIN stars ADD CONSTRAINT positive CHECK (VALUE > 0) NOT VALID;\n\
            ALTER DOMAIN stars VALIDATE CONSTRAINT positive;",
    grows: true,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    if !it.starts(&["alter", "domain"]) {
        return Vec::new();
    }
    let scans = it.facts().scanned.iter().filter(|it| it.footing == Footing::Existing);
    let found = scans.map(|scan| {
        let held = it.held(&scan.table, LockLevel::Share);
        let message = format!(
            "the domain is checked by a scan of table `{}` while it holds {held}",
            scan.table
        );
        Finding::new(message)
            .about(&scan.table)
            .grows_with(&scan.table)
            .safer("ADD CONSTRAINT … NOT VALID")
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::{T, sql};

    #[test]
    fn fires() {
        sql("alter domain d add constraint k check (value > 0)")
            .has(T)
            .locks(LockLevel::Share, "t")
            .scans("t")
            .fires(
                &RULE,
                "the domain is checked by a scan of table `t` while it holds SHARE on table `t`",
            );
    }

    #[test]
    fn stays_quiet() {
        sql("alter domain d add constraint k check (value > 0) not valid")
            .has(T)
            .stays_quiet(&RULE);
    }
}
