//! A vector index that is created again as it was.

use crate::diff::{Change, effective_options};
use crate::model::index::Index;
use crate::model::object::Object;
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "PV36",
    name: "introspection-drift",
    severity: Severity::Info,
    summary: "a vector index is dropped and created again as it was",
    what: "Tools that do not know operator classes, parameters or dimensions take the index for \
            a different one on every run, and build it again.",
    waits: "Searches scan the table until the index is built.",
    safer: "Leave both statements out.",
    bad: "DROP INDEX docs_embedding_idx;\n\
            CREATE INDEX docs_embedding_idx ON docs USING hnsw (embedding vector_l2_ops);",
    good: "SELECT indexdef FROM pg_indexes WHERE indexname = 'docs_embedding_idx';",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let created = it.new_indexes().filter(|it| it.is_vector());
    let again = created
        .filter(|new| it.file.before.schema.indexes(&new.table).any(|old| is_same(old, new)));
    let dropped = |new: &Index| {
        it.earlier().flat_map(|it| &it.facts.changes).any(|change| match change {
            Change::Drop(Object::Index(old)) => is_same(old, new),
            _ => false,
        })
    };
    let found = again.filter(|new| dropped(new)).map(|new| {
        let message = format!(
            "index `{}` of table `{}` is dropped and built again as it was",
            new.name, new.table
        );
        Finding::new(message).about(&new.name).safer("leave both statements out")
    });
    found.collect()
}

/// Whether two indexes do the same, whatever they are called.
fn is_same(a: &Index, b: &Index) -> bool {
    a.table == b.table
        && a.method == b.method
        && a.keys == b.keys
        && a.predicate == b.predicate
        && effective_options(a) == effective_options(b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::{V, sql};

    const INDEXED: &str = "[extensions]\nvector = \"*\"\n[tables.t.columns]\nid = \"bigint\"\nv = \"vector(3)?\"\n[tables.t.indexes.i]\nmethod = \"hnsw\"\ncolumns = [{ name = \"v\", metric = \"l2\" }]\n";

    #[test]
    fn fires() {
        sql("drop index i")
            .has(INDEXED)
            .makes(V)
            .then("create index i on t using hnsw (v vector_l2_ops)")
            .makes(INDEXED)
            .fires(&RULE, "index `i` of table `t` is dropped and built again as it was");
    }

    #[test]
    fn stays_quiet() {
        sql("create index i on t using hnsw (v vector_l2_ops)")
            .has(V)
            .makes(INDEXED)
            .stays_quiet(&RULE);
    }
}
