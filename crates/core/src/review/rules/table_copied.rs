//! ALTER TABLE that copies the whole table.

use crate::plan::LockLevel;
use crate::review::context::{Context, parse_name};
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "table-copied",
    name: "table-copied",
    severity: Severity::Error,
    summary: "SET LOGGED, SET UNLOGGED, SET ACCESS METHOD or SET TABLESPACE copies the table",
    what: "The table is written into new files; an unlogged one is empty after a crash, and \
            absent on replicas.",
    waits: "ACCESS EXCLUSIVE on the table for the duration of the copy: reads and writes wait.",
    safer: "A new table, filled in batches, and swapped by name.",
    bad: "ALTER TABLE docs SET UNLOGGED;",
    good: "CREATE UNLOGGED TABLE docs_new (LIKE docs INCLUDING ALL);",
    grows: true,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let forms = [["set", "logged"], ["set", "unlogged"], ["set", "access"], ["set", "tablespace"]];
    let Some(form) = forms.iter().find(|words| it.alters_table() && it.has(*words)) else {
        return Vec::new();
    };
    let tables = it.facts().rewritten.iter().filter(|table| !it.is_new(&parse_name(table)));
    let found = tables.map(|table| {
        let held = it.held(table, LockLevel::AccessExclusive);
        let form = form.join(" ").to_uppercase();
        let message = format!("{form} copies table `{table}` while it holds {held}");
        Finding::new(message).about(table).grows_with(table).at(it.place(&["set"]))
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::{T, sql};

    #[test]
    fn fires() {
        sql("alter table t set unlogged")
            .has(T)
            .locks(LockLevel::AccessExclusive, "t")
            .rewrites("t")
            .fires(
                &RULE,
                "SET UNLOGGED copies table `t` while it holds ACCESS EXCLUSIVE on table `t`",
            );
    }

    #[test]
    fn stays_quiet() {
        sql("alter table t set (fillfactor = 80)")
            .has(T)
            .locks(LockLevel::ShareUpdateExclusive, "t")
            .stays_quiet(&RULE);
    }
}
