//! DROP TABLE.

use crate::model::object::Object;
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "drop-table",
    name: "drop-table",
    severity: Severity::Error,
    summary: "DROP TABLE loses its rows",
    what: "The rows are gone, and a downgrade creates an empty table. Statements that name the \
            table fail.",
    waits: "ACCESS EXCLUSIVE on the table, and on every table that it references.",
    safer: "Release programs that do not use the table, rename it, and drop it in a later \
            revision after a backup.",
    bad: "DROP TABLE docs;",
    good: "ALTER TABLE docs RENAME TO docs_dropped_in_may;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let tables = it.drops().filter_map(|it| match it {
        Object::Table(it) => Some(it),
        _ => None,
    });
    let found = tables.filter(|table| !it.is_new(&table.name)).map(|table| {
        let message = format!("table `{}` is dropped with its rows", table.name);
        Finding::new(message)
            .about(&table.name)
            .grows_with(&table.name)
            .at(it.mention(&table.name.name))
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::{T, sql};

    #[test]
    fn fires() {
        sql("drop table t").has(T).makes("").fires(&RULE, "table `t` is dropped with its rows");
    }

    #[test]
    fn stays_quiet() {
        sql("create table t ()").makes(T).then("drop table t").makes("").stays_quiet(&RULE);
        sql("alter table t rename to s")
            .has("[tables.t.columns]\na = \"text\"\n")
            .makes("[tables.s.columns]\na = \"text\"\n")
            .stays_quiet(&RULE);
    }
}
