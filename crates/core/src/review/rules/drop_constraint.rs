//! DROP CONSTRAINT.

use crate::model::object::{Object, ObjectId};
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "drop-constraint",
    name: "drop-constraint",
    severity: Severity::Warning,
    summary: "DROP CONSTRAINT gives up an invariant",
    what: "Rows that break the rule can be written from now on, and adding the constraint again \
            has to scan the table. A unique constraint takes its index with it.",
    waits: "ACCESS EXCLUSIVE on the table, briefly; for a foreign key on the referenced table as \
            well.",
    safer: "Make sure that nothing relies on it. A constraint that is replaced is dropped after \
            the new one is validated.",
    bad: "ALTER TABLE docs DROP CONSTRAINT docs_stars;",
    good: "ALTER TABLE docs ADD CONSTRAINT docs_stars_new CHECK (stars >= 0) NOT VALID;\n\
            ALTER TABLE docs VALIDATE CONSTRAINT docs_stars_new;\n\
            ALTER TABLE docs DROP CONSTRAINT docs_stars;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    if !it.has(&["drop", "constraint"]) {
        return Vec::new();
    }
    let dropped = it.drops().filter_map(|it| match it {
        Object::Constraint(it) => Some(it),
        _ => None,
    });
    let stays = |table| it.after.contains(&ObjectId::table(table)) && !it.is_new(table);
    // One that the file itself has added was a step on the way, as the CHECK before SET NOT NULL.
    let old = dropped.filter(|constraint| it.was_there(&Object::from((*constraint).clone()).id()));
    let found = old.filter(|it| stays(&it.table)).map(|constraint| {
        let (name, table) = (&constraint.name, &constraint.table);
        let message = format!("constraint `{name}` of table `{table}` no longer holds");
        Finding::new(message).about(name).at(it.mention(name))
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
        sql("alter table t drop constraint k")
            .has(WITH)
            .makes(T)
            .fires(&RULE, "constraint `k` of table `t` no longer holds");
    }

    #[test]
    fn stays_quiet() {
        sql("drop table t").has(WITH).makes("").stays_quiet(&RULE);
    }
}
