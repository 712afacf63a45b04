//! ALTER TABLE RENAME.

use crate::model::definition::DefinedKind;
use crate::model::ident::QualifiedName;
use crate::model::object::{ObjectId, ObjectKind};
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "rename-table",
    name: "rename-table",
    severity: Severity::Error,
    summary: "a table or view in use is renamed",
    what: "Programs that are running use the old name, and fail from the commit on.",
    waits: "ACCESS EXCLUSIVE on the table or view, briefly: reads and writes wait.",
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
    let views = [vec!["alter", "view"], vec!["alter", "materialized", "view"]];
    let alters = it.alters_table() || views.iter().any(|words| it.starts(words));
    if !alters || !(it.has(&["rename", "to"]) || moves) {
        return Vec::new();
    }
    let relations = it.before.iter().map(|it| it.0).filter(|id| is_relation(id));
    let gone = relations.filter(|id| !it.after.contains(id)).find_map(|id| {
        let name = id.qualified_name()?;
        (it.was_there(id) && !it.is_new(&name) && !still_there(it, &name)).then_some((id, name))
    });
    let Some((id, name)) = gone else { return Vec::new() };
    let what = if moves { "moved to another schema" } else { "renamed" };
    let noun = id.kind.noun();
    let message = format!("{noun} `{name}` is {what}: running programs use the old name");
    vec![Finding::new(message).about(name).safer("a view of the old name in the same transaction")]
}

fn is_relation(id: &ObjectId) -> bool {
    let views = [DefinedKind::View, DefinedKind::MaterializedView].map(ObjectKind::Defined);
    id.kind == ObjectKind::Table || views.contains(&id.kind)
}

/// Whether programs find a table or a view of the old name after the file.
fn still_there(it: &Context<'_>, name: &QualifiedName) -> bool {
    let view = ObjectId::named(ObjectKind::Defined(DefinedKind::View), name);
    let schema = &it.file.after.schema;
    schema.contains(&view) || schema.contains(&ObjectId::table(name))
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
        sql("alter view v rename to w")
            .has("[views]\nv = \"SELECT 1 AS a\"\n")
            .makes("[views]\nw = \"SELECT 1 AS a\"\n")
            .fires(&RULE, "view `v` is renamed: running programs use the old name");
    }

    #[test]
    fn stays_quiet() {
        sql("create table t (a text)")
            .makes(OLD)
            .then("alter table t rename to s")
            .makes(NEW)
            .stays_quiet(&RULE);
        sql("alter table t rename constraint a to b").stays_quiet(&RULE);
        sql("alter table t rename to s")
            .has(OLD)
            .makes(NEW)
            .then("create view t as select * from s")
            .makes("[tables.s.columns]\na = \"text\"\n[views]\nt = \"CREATE VIEW t AS SELECT a FROM s\"\n")
            .stays_quiet(&RULE);
    }
}
