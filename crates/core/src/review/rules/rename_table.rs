//! ALTER TABLE RENAME.

use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "rename-table",
    name: "rename-table",
    severity: Severity::Error,
    summary: "a table in use is renamed",
    what: "Programs that are running use the old name, and fail from the commit on.",
    waits: "ACCESS EXCLUSIVE on the table, briefly: reads and writes wait.",
    safer: "Rename it and create a view of the old name in the same transaction, which can be \
            written to, and drop the view when no program uses it.",
    bad: "ALTER TABLE docs RENAME TO documents;",
    good: "BEGIN;\n\
            ALTER TABLE docs RENAME TO documents;\n\
            CREATE VIEW docs AS SELECT * FROM documents;\n\
            COMMIT;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let moves = it.has(&["set", "schema"]);
    if !it.alters_table() || !(it.has(&["rename", "to"]) || moves) {
        return Vec::new();
    }
    let before = it.before.tables().filter(|it_before| {
        !it.after.contains(&crate::model::object::ObjectId::table(&it_before.name))
    });
    let old: Vec<_> = before.map(|it| &it.name).collect();
    if old.iter().any(|it_old| it.created.contains(*it_old)) {
        return Vec::new();
    }
    let name = old.first().map_or_else(|| "the table".to_owned(), |it| format!("table `{it}`"));
    let what = if moves { "moved to another schema" } else { "renamed" };
    let message = format!("{name} is {what}: running programs use the old name");
    vec![Finding::new(message).safer("a view of the old name in the same transaction")]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::sql;

    const OLD: &str = "[tables.t.columns]\na = \"text\"\n";
    const NEW: &str = "[tables.s.columns]\na = \"text\"\n";

    #[test]
    fn fires() {
        sql("alter table t rename to s")
            .has(OLD)
            .makes(NEW)
            .fires(&RULE, "table `t` is renamed: running programs use the old name");
    }

    #[test]
    fn stays_quiet() {
        sql("create table t (a text)")
            .makes(OLD)
            .then("alter table t rename to s")
            .makes(NEW)
            .stays_quiet(&RULE);
        sql("alter table t rename constraint a to b").stays_quiet(&RULE);
    }
}
