//! ADD COLUMN NOT NULL without a default.

use crate::model::column::ColumnValue;
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "add-column-not-null-no-default",
    name: "add-column-not-null-no-default",
    severity: Severity::Error,
    summary: "ADD COLUMN NOT NULL without DEFAULT fails on a table with rows",
    what: "Existing rows would have NULL in the column, so the statement fails unless the table \
            is empty. Writers that do not know the column fail after it.",
    waits: "ACCESS EXCLUSIVE on the table until the statement fails.",
    safer: "Add the column nullable, fill it in batches, add CHECK (column IS NOT NULL) NOT \
            VALID, validate it, SET NOT NULL, and drop the CHECK.",
    bad: "ALTER TABLE docs ADD COLUMN title text NOT NULL;",
    good: "ALTER TABLE docs ADD COLUMN title text;\n\
            -- aludel: batches by id, 5000 rows\n\
            UPDATE docs SET title = '' WHERE title IS NULL;\n\
            ALTER TABLE docs ADD CONSTRAINT title_set CHECK (title IS NOT NULL) NOT VALID;\n\
            ALTER TABLE docs VALIDATE CONSTRAINT title_set;\n\
            ALTER TABLE docs ALTER COLUMN title SET NOT NULL;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let columns = it.added_columns().filter(|it| it.not_null && it.value == ColumnValue::None);
    let found = columns.map(|column| {
        let (name, table) = (&column.name, &column.table);
        let message = format!("column `{name}` of table `{table}` is NOT NULL without a default: the statement fails if the table has rows");
        Finding::new(message).about(format!("{table}.{name}")).at(it.mention(name))
    });
    let found: Vec<_> = found.collect();
    let refused = it.facts().refused.as_ref();
    let told = refused.filter(|told| {
        let sets = it.has(&["set", "not", "null"]) || it.has(&["primary", "key"]);
        found.is_empty() && it.alters_table() && !sets && told.contains("contains null values")
    });
    let refused = told.map(|told| {
        let first = told.lines().next().unwrap_or_default();
        Finding::new(format!("a NOT NULL column without a default: {first}"))
    });
    found.into_iter().chain(refused).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::{T, sql};

    #[test]
    fn fires() {
        sql("alter table t add x int not null")
            .has(T)
            .refused("column \"x\" of relation \"t\" contains null values")
            .fires(&RULE, "a NOT NULL column without a default");
        sql("alter table t add x int not null")
            .has(T)
            .makes("[tables.t.columns]\nid = \"bigint\"\na = \"integer?\"\nb = \"text?\"\nx = \"integer\"\n")
            .fires(&RULE, "column `x` of table `t` is NOT NULL without a default");
    }

    const CHILD: &str = "[tables.t.columns]\nid = \"bigint\"\n[tables.c]\ninherits = [\"t\"]\n";
    const ALONE: &str =
        "[tables.t.columns]\nid = \"bigint\"\n[tables.c.columns]\nid = \"bigint\"\n";

    #[test]
    fn stays_quiet() {
        sql("alter table c no inherit t").has(CHILD).makes(ALONE).stays_quiet(&RULE);
        sql("alter table t add x int not null default 0")
            .has(T)
            .makes("[tables.t.columns]\nid = \"bigint\"\na = \"integer?\"\nb = \"text?\"\nx = { type = \"integer\", default = 0 }\n")
            .stays_quiet(&RULE);
    }
}
