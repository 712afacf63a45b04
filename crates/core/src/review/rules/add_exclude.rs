//! ADD EXCLUDE, which has no concurrent form.

use crate::model::constraint::ConstraintRule;
use crate::plan::LockLevel;
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "add-exclude",
    name: "add-exclude",
    severity: Severity::Error,
    summary: "ADD EXCLUDE builds its index under ACCESS EXCLUSIVE, and there is no other form",
    what: "The index is built while the statement holds its lock; there is neither NOT VALID \
            nor USING INDEX for an exclusion constraint.",
    waits: "ACCESS EXCLUSIVE on the table for the duration of the build: reads and writes wait.",
    safer: "A time of little traffic, or a new table with the constraint that takes the rows in \
            batches. Where equality alone is excluded, a unique index built CONCURRENTLY.",
    bad: "ALTER TABLE stays ADD EXCLUDE USING gist (room WITH =, during WITH &&);",
    good: "CREATE TABLE stays_new (LIKE stays, EXCLUDE USING gist (room WITH =, during WITH \
            &&));",
    grows: true,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let exclusions = it.added_constraints().filter(|constraint| {
        let excludes = matches!(constraint.rule, ConstraintRule::Exclude { .. });
        excludes && !it.facts().built.is_empty()
    });
    let found = exclusions.map(|constraint| {
        let (name, table) = (&constraint.name, &constraint.table);
        let held = it.held(table, LockLevel::AccessExclusive);
        let message = format!("adding EXCLUDE `{name}` builds its index while it holds {held}; it has no concurrent form");
        Finding::new(message).about(name).grows_with(table).at(it.place(&["exclude"]))
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::{T, sql};

    const WITH: &str = "[tables.t.columns]\nid = \"bigint\"\na = \"integer?\"\nb = \"text?\"\n[tables.t.exclusions]\nx = \"EXCLUDE USING btree (a WITH =)\"\n";

    #[test]
    fn fires() {
        sql("alter table t add constraint x exclude using btree (a with =)")
            .has(T)
            .builds("x")
            .makes(WITH)
            .fires(
                &RULE,
                "adding EXCLUDE `x` builds its index while it holds ACCESS EXCLUSIVE on table `t`",
            );
    }

    #[test]
    fn stays_quiet() {
        sql("create table t ()").makes(WITH).builds("x").stays_quiet(&RULE);
    }
}
