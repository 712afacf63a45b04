//! DROP COLUMN that drops more than is named.

use crate::model::object::{Object, ObjectId};
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "drop-column-collateral",
    name: "G2",
    severity: Severity::Warning,
    summary: "DROP COLUMN drops indexes and constraints that it does not name",
    what: "Every index and constraint that uses the column is dropped with it, also one on \
            several columns, and one that only names the column in its predicate or expression. \
            Nothing says so.",
    waits: "ACCESS EXCLUSIVE on the table and on each such index: reads and writes wait. Queries \
            that used the index scan the table afterwards.",
    safer: "Create an index that does not need the column first, and DROP INDEX CONCURRENTLY the \
            old one before the column.",
    bad: "ALTER TABLE docs DROP COLUMN draft; -- drops docs_title_idx (title) WHERE NOT draft",
    good: "CREATE INDEX CONCURRENTLY docs_title_all_idx ON docs (title);\n\
            DROP INDEX CONCURRENTLY docs_title_idx;\n\
            ALTER TABLE docs DROP COLUMN draft;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let columns: Vec<_> = it
        .drops()
        .filter_map(|it| match it {
            Object::Column(it) => Some(it),
            _ => None,
        })
        .filter(|column| {
            it.after.contains(&ObjectId::table(&column.table)) && !it.is_new(&column.table)
        })
        .collect();
    let Some(column) = columns.first() else { return Vec::new() };
    // An index on the column alone is nobody's surprise.
    let is_own = |names: &mut dyn Iterator<Item = &crate::model::ident::Ident>| {
        let names: Vec<_> = names.collect();
        names.len() == 1 && columns.iter().any(|it| *names[0] == it.name)
    };
    let more = it.drops().filter_map(|it| match it {
        Object::Index(it) if it.keys.len() > 1 || !is_own(&mut it.column_names()) => {
            Some(format!("index `{}`", it.name))
        }
        Object::Constraint(it) => Some(format!("constraint `{}`", it.name)),
        _ => None,
    });
    let (name, table) = (&column.name, &column.table);
    let found = more.map(|what| {
        let message = format!("dropping column `{name}` of table `{table}` drops {what} as well");
        Finding::new(message).about(format!("{table}.{name}")).at(it.mention(name))
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::sql;

    const BEFORE: &str = "[tables.t.columns]\na = \"integer\"\nb = \"boolean\"\n[tables.t.indexes.i]\ncolumns = [\"a\"]\nwhere = \"b\"\n";
    const OWN: &str =
        "[tables.t.columns]\na = \"integer\"\nb = \"boolean\"\n[tables.t.indexes]\ni = [\"b\"]\n";
    const AFTER: &str = "[tables.t.columns]\na = \"integer\"\n";

    #[test]
    fn fires() {
        sql("alter table t drop b")
            .has(BEFORE)
            .makes(AFTER)
            .fires(&RULE, "dropping column `b` of table `t` drops index `i` as well");
    }

    #[test]
    fn stays_quiet() {
        sql("alter table t drop b").has(OWN).makes(AFTER).stays_quiet(&RULE);
    }
}
