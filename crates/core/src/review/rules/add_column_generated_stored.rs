//! ADD COLUMN GENERATED STORED.

use crate::model::column::ColumnValue;
use crate::plan::LockLevel;
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "add-column-generated-stored",
    name: "add-column-generated-stored",
    severity: Severity::Error,
    summary: "ADD COLUMN GENERATED ALWAYS AS … STORED rewrites the table",
    what: "The expression is computed for every row, and the table and all its indexes are \
            rewritten.",
    waits: "ACCESS EXCLUSIVE on the table for the duration of the rewrite: reads and writes \
            wait.",
    safer: "A plain column that a trigger fills, with an UPDATE in batches for the old rows; an \
            expression index, if the value is only searched; from PostgreSQL 18 on, a VIRTUAL \
            column.",
    bad: "ALTER TABLE docs ADD COLUMN slug text GENERATED ALWAYS AS (lower(title)) STORED;",
    good: "CREATE INDEX CONCURRENTLY docs_slug_idx ON docs (lower(title));",
    grows: true,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let columns = it.added_columns().filter(|column| it.rewrites(&column.table));
    let columns = columns.filter(|it| matches!(it.value, ColumnValue::Stored(_)));
    let found = columns.map(|column| {
        let held = it.held(&column.table, LockLevel::AccessExclusive);
        let (name, table) = (&column.name, &column.table);
        let message = format!(
            "adding generated column `{name}` rewrites table `{table}` while it holds {held}"
        );
        let finding = Finding::new(message).about(format!("{table}.{name}")).grows_with(table);
        finding.at(it.mention(name)).safer("a plain column with a trigger, or an expression index")
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::{T, sql};

    const WITH: &str = "[tables.t.columns]\nid = \"bigint\"\na = \"integer?\"\nb = \"text?\"\nx = { type = \"text?\", generated = \"lower(b)\" }\n";

    #[test]
    fn fires() {
        sql("alter table t add x text generated always as (lower(b)) stored")
            .has(T)
            .locks(LockLevel::AccessExclusive, "t")
            .rewrites("t")
            .makes(WITH)
            .fires(&RULE, "adding generated column `x` rewrites table `t`");
    }

    #[test]
    fn stays_quiet() {
        sql("create table t ()").makes(WITH).stays_quiet(&RULE);
    }
}
