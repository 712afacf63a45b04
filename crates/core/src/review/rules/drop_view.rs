//! DROP VIEW.

use crate::model::definition::DefinedKind;
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "drop-view",
    name: "drop-view",
    severity: Severity::Warning,
    summary: "a view is dropped",
    what: "Programs that are running read it, and fail from the commit on.",
    waits: "ACCESS EXCLUSIVE on the view, briefly: its reads wait.",
    safer: "Release programs that do not read it, and drop it in a later revision. A view that \
            is created again in the same transaction is not missed.",
    bad: "DROP VIEW recent_docs;",
    good: "BEGIN;\n\
            DROP VIEW recent_docs;\n\
            CREATE VIEW recent_docs AS SELECT id, title FROM docs;\n\
            COMMIT;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    if !it.starts(&["drop", "view"]) {
        return Vec::new();
    }
    let dropped = it.drops().map(Object::id).filter(|id| is_missed(it, id));
    let found = dropped.map(|id| {
        let message = format!("{id} is dropped: running programs read it");
        Finding::new(message).about(&id.name).at(it.mention(&id.name))
    });
    found.collect()
}

/// Whether the object is a view that was there before the file, and of whose name nothing is left.
fn is_missed(it: &Context<'_>, id: &ObjectId) -> bool {
    let is_view = id.kind == ObjectKind::Defined(DefinedKind::View);
    let of_the_name = |other: &ObjectId| {
        other.relation.is_none()
            && (&other.name, &other.namespace) == (&id.name, &id.namespace)
            && matches!(other.kind, ObjectKind::Table | ObjectKind::Defined(_))
    };
    is_view && it.was_there(id) && !it.file.after.schema.iter().any(|other| of_the_name(other.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::sql;

    const SEEN: &str = "[tables.t.columns]\na = \"text\"\n[views]\nv = \"SELECT a FROM t\"\n";
    const UNSEEN: &str = "[tables.t.columns]\na = \"text\"\n";

    #[test]
    fn fires() {
        sql("drop view v")
            .has(SEEN)
            .makes(UNSEEN)
            .fires(&RULE, "view v is dropped: running programs read it");
    }

    #[test]
    fn stays_quiet() {
        sql("drop view v")
            .has(SEEN)
            .makes(UNSEEN)
            .then("create view v as select a from t")
            .makes(SEEN)
            .stays_quiet(&RULE);
        sql("create view v as select a from t")
            .has(UNSEEN)
            .makes(SEEN)
            .then("drop view v")
            .makes(UNSEEN)
            .stays_quiet(&RULE);
    }
}
