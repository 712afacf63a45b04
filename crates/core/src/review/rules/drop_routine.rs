//! DROP FUNCTION and its kin.

use crate::model::definition::DefinedKind;
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "drop-routine",
    name: "drop-routine",
    severity: Severity::Warning,
    summary: "a function, procedure or aggregate is dropped",
    what: "Programs that are running call it, and fail from the commit on. So do functions whose \
            body calls it: PostgreSQL does not record what the text of a body names.",
    waits: "Nobody waits.",
    safer: "CREATE OR REPLACE, or release programs that do not call it, and drop it in a later \
            revision.",
    bad: "DROP FUNCTION slug(text);",
    good: "CREATE OR REPLACE FUNCTION slug(text) RETURNS text LANGUAGE sql AS $$ SELECT lower($1) $$;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let kinds = ["function", "procedure", "routine", "aggregate"];
    if !kinds.iter().any(|kind| it.starts(&["drop", kind])) {
        return Vec::new();
    }
    let dropped = it.drops().map(Object::id).filter(|id| is_missed(it, id));
    let found = dropped.map(|id| {
        let message = format!("{id} is dropped: running programs call it");
        Finding::new(message).about(&id.name).at(it.mention(&id.name))
    });
    found.collect()
}

/// Whether the object is a routine that was there before the file, and of whose name none is left.
fn is_missed(it: &Context<'_>, id: &ObjectId) -> bool {
    let of_the_name = |other: &ObjectId| {
        is_routine(other) && (&other.name, &other.namespace) == (&id.name, &id.namespace)
    };
    let left = it.file.after.schema.iter().any(|other| of_the_name(other.0));
    is_routine(id) && it.was_there(id) && !left
}

fn is_routine(id: &ObjectId) -> bool {
    let ObjectKind::Defined(kind) = id.kind else { return false };
    [DefinedKind::Function, DefinedKind::Procedure, DefinedKind::Aggregate].contains(&kind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::sql;

    const CALLED: &str = "[functions]\n\"f(integer)\" = \"CREATE FUNCTION f(integer) RETURNS integer LANGUAGE sql AS 'SELECT 1'\"\n";

    #[test]
    fn fires() {
        sql("drop function f(integer)")
            .has(CALLED)
            .makes("")
            .fires(&RULE, "is dropped: running programs call it");
    }

    #[test]
    fn stays_quiet() {
        sql("drop function f(integer)")
            .has(CALLED)
            .makes("")
            .then("create function f(integer) returns integer language sql as 'select 2'")
            .makes(CALLED)
            .stays_quiet(&RULE);
    }
}
