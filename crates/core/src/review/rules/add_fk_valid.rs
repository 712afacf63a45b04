//! ADD FOREIGN KEY that reads every row.

use crate::plan::LockLevel;
use crate::review::context::{Context, foreign_key};
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "add-fk-valid",
    name: "add-fk-valid",
    severity: Severity::Error,
    summary: "ADD FOREIGN KEY without NOT VALID scans the table while writes wait",
    what: "Every row is looked up in the referenced table while the statement holds its locks.",
    waits: "SHARE ROW EXCLUSIVE on both tables for the duration of the scan: writes wait, reads \
            continue.",
    safer: "ADD FOREIGN KEY … NOT VALID, and VALIDATE CONSTRAINT in a later transaction. On a \
            partitioned table NOT VALID is refused before PostgreSQL 18: add the foreign key to \
            each partition first.",
    bad: "ALTER TABLE docs ADD FOREIGN KEY (author_id) REFERENCES authors;",
    good: "ALTER TABLE docs ADD CONSTRAINT docs_author FOREIGN KEY (author_id) REFERENCES authors NOT VALID;\n\
            ALTER TABLE docs VALIDATE CONSTRAINT docs_author;",
    grows: true,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let inline = it.added_columns().next().is_some();
    let added = it.added_constraints().filter_map(|it| Some((it, foreign_key(it)?)));
    let added = added.filter(|(constraint, key)| {
        let scans = it.scans(&constraint.table) || it.scans(&key.references);
        constraint.validated && scans && !inline
    });
    let found = added.map(|(constraint, key)| {
        let (name, table) = (&constraint.name, &constraint.table);
        let held = it.held(table, LockLevel::ShareRowExclusive);
        let message = format!(
            "adding foreign key `{name}` scans table `{table}` while it holds {held}; the same lock \
             is on table `{}`",
            key.references
        );
        let finding = Finding::new(message).about(name).grows_with(table).at(it.mention(name));
        finding.safer("ADD FOREIGN KEY … NOT VALID, then VALIDATE CONSTRAINT in a later transaction")
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::sql;

    const BEFORE: &str = "[tables.r]\nprimary_key = [\"id\"]\n[tables.r.columns]\nid = \"bigint\"\n[tables.t.columns]\nr_id = \"bigint\"\n";
    const WITH: &str = "[tables.r]\nprimary_key = [\"id\"]\n[tables.r.columns]\nid = \"bigint\"\n[tables.t.columns]\nr_id = \"bigint\"\n[tables.t.foreign_keys.fk]\ncolumns = [\"r_id\"]\nreferences = \"r\"\n";

    #[test]
    fn fires() {
        sql("alter table t add constraint fk foreign key (r_id) references r")
            .has(BEFORE)
            .locks(LockLevel::ShareRowExclusive, "t")
            .locks(LockLevel::ShareRowExclusive, "r")
            .scans("t")
            .makes(WITH)
            .fires(&RULE, "SHARE ROW EXCLUSIVE on table `t`: writes wait, reads continue; the same lock is on table `r`");
    }

    #[test]
    fn stays_quiet() {
        sql("alter table t add constraint fk foreign key (r_id) references r not valid")
            .has(BEFORE)
            .locks(LockLevel::ShareRowExclusive, "t")
            .makes(WITH)
            .stays_quiet(&RULE);
    }
}
