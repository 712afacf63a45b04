//! ADD COLUMN with a sequence.

use crate::model::column::ColumnValue;
use crate::plan::LockLevel;
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "add-column-identity",
    name: "add-column-identity",
    severity: Severity::Error,
    summary: "ADD COLUMN with serial or GENERATED AS IDENTITY rewrites the table",
    what: "Every row gets a number of the sequence, so the table and all its indexes are \
            rewritten.",
    waits: "ACCESS EXCLUSIVE on the table for the duration of the rewrite: reads and writes \
            wait.",
    safer: "Add a nullable bigint, CREATE SEQUENCE, SET DEFAULT nextval(…), fill the old rows in \
            batches, set NOT NULL through a validated CHECK, then ADD GENERATED … AS IDENTITY.",
    bad: "ALTER TABLE docs ADD COLUMN number bigserial;",
    good: "CREATE SEQUENCE docs_number_seq;\n\
            ALTER TABLE docs ADD COLUMN number bigint;\n\
            ALTER TABLE docs ALTER COLUMN number SET DEFAULT nextval('docs_number_seq');",
    grows: true,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let columns = it.added_columns().filter(|column| it.rewrites(&column.table));
    let columns = columns.filter(|column| match &column.value {
        ColumnValue::Identity(_) => true,
        ColumnValue::Default(text) => text.as_str().contains("nextval("),
        ColumnValue::None | ColumnValue::Stored(_) | ColumnValue::Virtual(_) => false,
    });
    let found = columns.map(|column| {
        let held = it.held(&column.table, LockLevel::AccessExclusive);
        let (name, table) = (&column.name, &column.table);
        let message = format!(
            "numbering the rows in column `{name}` rewrites table `{table}` while it holds {held}"
        );
        let finding = Finding::new(message).about(format!("{table}.{name}")).grows_with(table);
        finding
            .at(it.mention(name))
            .safer("a nullable column, SET DEFAULT nextval(…), UPDATE in batches")
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::{T, sql};

    const WITH: &str = "[tables.t.columns]\nid = \"bigint\"\na = \"integer?\"\nb = \"text?\"\nx = { type = \"bigint\", identity = \"always\" }\n";

    #[test]
    fn fires() {
        sql("alter table t add x bigint generated always as identity")
            .has(T)
            .locks(LockLevel::AccessExclusive, "t")
            .rewrites("t")
            .makes(WITH)
            .fires(&RULE, "numbering the rows in column `x` rewrites table `t`");
    }

    #[test]
    fn stays_quiet() {
        sql("create table t ()").makes(WITH).stays_quiet(&RULE);
    }
}
