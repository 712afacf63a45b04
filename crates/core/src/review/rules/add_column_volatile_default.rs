//! ADD COLUMN that writes every row again.

use crate::model::column::ColumnValue;
use crate::plan::LockLevel;
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "add-column-volatile-default",
    name: "add-column-volatile-default",
    severity: Severity::Error,
    summary: "ADD COLUMN whose value differs from row to row rewrites the table",
    what: "A default that calls a volatile function, such as gen_random_uuid(), and a domain \
            with a constraint have to be computed for each row: the table and all its indexes \
            are rewritten. A constant default and now() are not.",
    waits: "ACCESS EXCLUSIVE on the table for the duration of the rewrite: reads and writes \
            wait.",
    safer: "Add the column without a default, SET DEFAULT for new rows, fill the old rows in \
            batches, and set NOT NULL through a validated CHECK. Instead of a domain, its base \
            type and a CHECK NOT VALID.",
    bad: "ALTER TABLE docs ADD COLUMN token uuid DEFAULT gen_random_uuid();",
    good: "ALTER TABLE docs ADD COLUMN token uuid;\n\
            ALTER TABLE docs ALTER COLUMN token SET DEFAULT gen_random_uuid();\n\
            -- aludel: batches by id, 5000 rows\n\
            UPDATE docs SET token = gen_random_uuid() WHERE token IS NULL;",
    grows: true,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let columns = it.added_columns().filter(|column| it.rewrites(&column.table));
    let columns = columns.filter(|column| match &column.value {
        ColumnValue::None => true,
        ColumnValue::Default(text) => !text.as_str().contains("nextval("),
        ColumnValue::Identity(_) | ColumnValue::Stored(_) | ColumnValue::Virtual(_) => false,
    });
    let found = columns.map(|column| {
        let held = it.held(&column.table, LockLevel::AccessExclusive);
        let (name, table) = (&column.name, &column.table);
        let message =
            format!("adding column `{name}` rewrites table `{table}` while it holds {held}");
        let finding = Finding::new(message).about(format!("{table}.{name}")).grows_with(table);
        finding
            .at(it.mention(name))
            .safer("ADD COLUMN without DEFAULT, SET DEFAULT, UPDATE in batches")
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::{T, sql};

    const WITH: &str = "[tables.t.columns]\nid = \"bigint\"\na = \"integer?\"\nb = \"text?\"\nx = { type = \"uuid?\", default = \"gen_random_uuid()\" }\n";

    #[test]
    fn fires() {
        sql("alter table t add x uuid default gen_random_uuid()")
            .has(T)
            .locks(LockLevel::AccessExclusive, "t")
            .rewrites("t")
            .makes(WITH)
            .fires(
                &RULE,
                "adding column `x` rewrites table `t` while it holds ACCESS EXCLUSIVE on table `t`",
            );
    }

    #[test]
    fn stays_quiet() {
        sql("alter table t add x uuid default gen_random_uuid()")
            .has(T)
            .makes(WITH)
            .stays_quiet(&RULE);
    }
}
