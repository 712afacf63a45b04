//! A function that is replaced while indexes rely on its results.

use crate::model::definition::DefinedKind;
use crate::model::object::{ObjectId, ObjectKind};
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "replace-immutable-function",
    name: "G10",
    severity: Severity::Error,
    summary: "a function that an index, CHECK or generated column uses is replaced",
    what: "Nothing is computed again: the index has the results of the old function, and finds \
            other rows than a scan; the CHECK was never applied to old rows; the generated \
            column keeps its values.",
    waits: "Nobody waits.",
    safer: "A new function under another name, with a new index, CHECK or column that uses it.",
    bad: "CREATE OR REPLACE FUNCTION slug(text) RETURNS text IMMUTABLE LANGUAGE sql AS $$ \
            SELECT lower($1) $$;",
    good: "CREATE FUNCTION slug_2(text) RETURNS text IMMUTABLE LANGUAGE sql AS $$ SELECT lower($1) $$;\n\
            CREATE INDEX CONCURRENTLY docs_slug_2_idx ON docs (slug_2(title));",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let function = ObjectKind::Defined(DefinedKind::Function);
    let replaced = it.alters().map(|(_, to)| to.id()).filter(|id| id.kind == function);
    let found = replaced.flat_map(|id| {
        let users = users(it, &id);
        users.into_iter().map(move |user| {
            let message = format!("{id} is replaced, but {user} keeps what the old one computed");
            Finding::new(message)
                .about(&id)
                .at(it.mention(&id.name))
                .safer("a function of another name")
        })
    });
    found.collect()
}

/// What keeps results of a function.
fn users(it: &Context<'_>, function: &ObjectId) -> Vec<ObjectId> {
    let all = it.file.before.dependencies.iter().filter(|(_, needed)| *needed == function);
    let keeps = |id: &&ObjectId| {
        matches!(id.kind, ObjectKind::Index | ObjectKind::Constraint | ObjectKind::Column)
    };
    all.map(|it| it.0).filter(keeps).filter(|id| it.before.contains(id)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::sql;

    use crate::diff::Change;
    use crate::model::definition::Definition;
    use crate::model::ident::{Ident, QualifiedName};
    use crate::model::object::Object;

    const WITH: &str = "[tables.t.columns]\na = \"integer\"\n[tables.t.indexes]\ni = [\"a\"]\n";

    fn function() -> ObjectId {
        ObjectId::named(
            ObjectKind::Defined(DefinedKind::Function),
            &QualifiedName::new("public", "f"),
        )
    }

    fn replaced() -> Change {
        let of = |body: &str| {
            Object::from(Definition::new(function(), format!("CREATE FUNCTION f() {body}")))
        };
        Change::Alter { from: of("1"), to: of("2") }
    }

    #[test]
    fn fires() {
        let index = ObjectId::child(
            ObjectKind::Index,
            &QualifiedName::new("public", "t"),
            &Ident::new("i"),
        );
        sql("create or replace function f() returns int language sql as 'select 2'")
            .has(WITH)
            .changes(replaced())
            .with(|it| {
                std::sync::Arc::make_mut(&mut it.before).dependencies.insert(index, function())
            })
            .fires(&RULE, "function f is replaced, but index i keeps what the old one computed");
    }

    #[test]
    fn stays_quiet() {
        sql("create or replace function f() returns int language sql as 'select 2'")
            .has(WITH)
            .changes(replaced())
            .stays_quiet(&RULE);
    }
}
