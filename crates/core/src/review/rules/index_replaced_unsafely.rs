//! An index that is dropped before its replacement is there.

use crate::diff::Change;
use crate::model::index::Index;
use crate::model::object::Object;
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "index-replaced-unsafely",
    name: "index-replaced-unsafely",
    severity: Severity::Warning,
    summary: "an index is dropped before the one that replaces it is created",
    what: "Between the two statements queries have no index, and scan the whole table.",
    waits: "Nobody waits for a lock, but every query that used the index takes as long as a scan \
            of the table.",
    safer: "Create the new index CONCURRENTLY under another name, then drop the old one \
            CONCURRENTLY, and rename the new one.",
    bad: "DROP INDEX CONCURRENTLY docs_title_idx;\n\
            CREATE INDEX CONCURRENTLY docs_title_idx ON docs (title, id);",
    good: "CREATE INDEX CONCURRENTLY docs_title_new ON docs (title, id);\n\
            DROP INDEX CONCURRENTLY docs_title_idx;\n\
            ALTER INDEX docs_title_new RENAME TO docs_title_idx;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let dropped = it.drops().filter_map(|it| match it {
        Object::Index(it) => Some(it),
        _ => None,
    });
    let dropped = dropped.filter(|index| {
        let is_old = !it.is_new(&index.table) && it.starts(&["drop", "index"]);
        is_old && !it.after.indexes(&index.table).any(|other| begins_alike(other, index))
    });
    let found = dropped.filter_map(|index| Some((index, replacement(it, index)?)));
    let found = found.map(|(index, new)| {
        let message = format!(
            "index `{}` is dropped before index `{}` replaces it: queries scan table `{}` meanwhile",
            index.name, new.name, index.table
        );
        Finding::new(message).about(&index.name).safer("create the new index first")
    });
    found.collect()
}

/// The index that a later statement creates in place of another: of the same name, or with the same first
/// key.
fn replacement<'a>(it: &Context<'a>, old: &Index) -> Option<&'a Index> {
    let changes = it.file.statements[it.number + 1..].iter().flat_map(|it| &it.facts.changes);
    let mut created = changes.filter_map(|it| match it {
        Change::Create(Object::Index(it)) => Some(it),
        _ => None,
    });
    created.find(|it| it.table == old.table && (it.name == old.name || begins_alike(it, old)))
}

/// Whether two indexes have the same first key, so that either serves most queries of the other.
fn begins_alike(a: &Index, b: &Index) -> bool {
    let first = |it: &Index| it.keys.first().map(|it| it.value.clone());
    a.method == b.method && first(a) == first(b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::sql;

    const OLD: &str =
        "[tables.t.columns]\na = \"integer\"\nb = \"text\"\n[tables.t.indexes]\ni = [\"a\"]\n";
    const NONE: &str = "[tables.t.columns]\na = \"integer\"\nb = \"text\"\n";
    const NEW: &str = "[tables.t.columns]\na = \"integer\"\nb = \"text\"\n[tables.t.indexes]\nj = [\"a\", \"b\"]\n";

    #[test]
    fn fires() {
        sql("drop index i")
            .has(OLD)
            .makes(NONE)
            .then("create index j on t (a, b)")
            .makes(NEW)
            .fires(&RULE, "index `i` is dropped before index `j` replaces it");
    }

    #[test]
    fn stays_quiet() {
        sql("drop index i").has(OLD).makes(NONE).then("create index j on t (b)").stays_quiet(&RULE);
        // The new one is there already, and takes the name.
        let both = format!("{OLD}j = [\"a\"]\n");
        sql("create index concurrently j on t (a)")
            .has(OLD)
            .makes(&both)
            .then("drop index concurrently i")
            .makes(&both.replace("i = [\"a\"]\n", ""))
            .then("alter index j rename to i")
            .makes(OLD)
            .stays_quiet(&RULE);
    }
}
