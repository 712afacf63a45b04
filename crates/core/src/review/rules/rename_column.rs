//! ALTER TABLE RENAME COLUMN.

use crate::diff::Change;
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "rename-column",
    name: "rename-column",
    severity: Severity::Error,
    summary: "a column of a table in use is renamed",
    what: "Programs that are running use the old name, and fail from the commit on.",
    waits: "ACCESS EXCLUSIVE on the table, briefly: reads and writes wait.",
    safer: "Add a column of the new name, fill it by a trigger and in batches, release programs \
            that use it, and drop the old one.",
    bad: "ALTER TABLE docs RENAME COLUMN title TO headline;",
    good: "ALTER TABLE docs ADD COLUMN headline text;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let other = ["constraint", "to"].iter().any(|word| it.has(&["rename", word]));
    if !it.alters_table() || !it.words().contains(&"rename") || other {
        return Vec::new();
    }
    let old = it.facts().changes.iter().find_map(|it| match it {
        Change::Drop(Object::Column(it)) => Some((it.table.clone(), it.name.clone())),
        Change::Rename { from, .. } if from.kind == ObjectKind::Column => {
            Some((from.table_name()?, from.name.clone()))
        }
        _ => None,
    });
    let Some((table, name)) = old else { return Vec::new() };
    // A column that is swapped for another one of its name is still found.
    let swapped = it.file.after.schema.column(&table, &name).is_some();
    let own = !it.was_there(&ObjectId::child(ObjectKind::Column, &table, &name));
    if it.is_new(&table) || own || swapped {
        return Vec::new();
    }
    let message =
        format!("column `{name}` of table `{table}` is renamed: running programs use the old name");
    let finding = Finding::new(message).about(format!("{table}.{name}"));
    vec![finding.at(it.place(&["rename"])).safer("a second column")]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::{T, sql};

    const RENAMED: &str = "[tables.t.columns]\nid = \"bigint\"\na = \"integer?\"\nc = \"text?\"\n";

    #[test]
    fn fires() {
        sql("alter table t rename b to c")
            .has(T)
            .makes(RENAMED)
            .fires(&RULE, "column `b` of table `t` is renamed");
    }

    #[test]
    fn stays_quiet() {
        sql("create table t ()")
            .makes(T)
            .then("alter table t rename b to c")
            .makes(RENAMED)
            .stays_quiet(&RULE);
    }
}
