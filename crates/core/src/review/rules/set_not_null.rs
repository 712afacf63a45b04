//! SET NOT NULL that reads every row.

use crate::plan::LockLevel;
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "set-not-null",
    name: "set-not-null",
    severity: Severity::Error,
    summary: "SET NOT NULL scans the table under ACCESS EXCLUSIVE",
    what: "Every row is read to prove that none has NULL, unless a validated CHECK proves it.",
    waits: "ACCESS EXCLUSIVE on the table for the duration of the scan: reads and writes wait.",
    safer: "ADD CONSTRAINT … CHECK (column IS NOT NULL) NOT VALID, VALIDATE CONSTRAINT in a \
            later transaction, SET NOT NULL, which then scans nothing, and DROP CONSTRAINT.",
    bad: "ALTER TABLE docs ALTER COLUMN title SET NOT NULL;",
    good: "ALTER TABLE docs ADD CONSTRAINT title_set CHECK (title IS NOT NULL) NOT VALID;\n\
            ALTER TABLE docs VALIDATE CONSTRAINT title_set;\n\
            ALTER TABLE docs ALTER COLUMN title SET NOT NULL;\n\
            ALTER TABLE docs DROP CONSTRAINT title_set;",
    grows: true,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    // From PostgreSQL 18 on NOT NULL can be added as a constraint; ADD PRIMARY KEY has a rule of its own.
    let words = it.words();
    let adds = |it: &[&str]| it[..2] == ["add", "constraint"] && it[3..] == ["not", "null"];
    let named = it.has(&["add", "not", "null"]) || words.windows(5).any(adds);
    let asks = named || it.has(&["set", "not", "null"]);
    let set = it
        .altered_columns()
        .filter(|(from, to)| asks && !from.not_null && to.not_null && it.scans(&to.table));
    let found = set.map(|(_, to)| {
        let held = it.held(&to.table, LockLevel::AccessExclusive);
        let (name, table) = (&to.name, &to.table);
        let message =
            format!("SET NOT NULL on column `{name}` scans table `{table}` while it holds {held}");
        let finding = Finding::new(message).about(format!("{table}.{name}")).grows_with(table);
        finding
            .at(it.mention(name))
            .safer("CHECK (… IS NOT NULL) NOT VALID, VALIDATE CONSTRAINT, SET NOT NULL")
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::{P, T, sql};

    const SET: &str = "[tables.t.columns]\nid = \"bigint\"\na = \"integer\"\nb = \"text?\"\n";

    #[test]
    fn fires() {
        sql("alter table t alter a set not null")
            .has(T)
            .locks(LockLevel::AccessExclusive, "t")
            .scans("t")
            .makes(SET)
            .fires(
                &RULE,
                "SET NOT NULL on column `a` scans table `t` while it holds ACCESS EXCLUSIVE",
            );
        sql("alter table t alter a set not null")
            .has(P)
            .locks(LockLevel::AccessExclusive, "p")
            .locks(LockLevel::AccessExclusive, "t")
            .scans("p")
            .makes(&P.replace("integer?", "integer"))
            .fires_once(&RULE, "SET NOT NULL on column `a` scans table `t`");
        sql("alter table t add constraint k not null a")
            .has(T)
            .locks(LockLevel::AccessExclusive, "t")
            .scans("t")
            .makes(SET)
            .fires(&RULE, "SET NOT NULL on column `a` scans table `t`");
    }

    #[test]
    fn stays_quiet() {
        sql("alter table t alter a set not null")
            .has(T)
            .locks(LockLevel::AccessExclusive, "t")
            .makes(SET)
            .stays_quiet(&RULE);
    }
}
