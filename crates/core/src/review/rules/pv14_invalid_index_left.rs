//! An invalid index that nothing removes.

use crate::diff::Change;
use crate::model::ident::Ident;
use crate::model::index::Index;
use crate::model::object::Object;
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};
use crate::sql_text::Token;

pub(super) static RULE: Rule = Rule {
    code: "PV14",
    name: "invalid-index-left",
    severity: Severity::Error,
    summary: "an index is invalid, and the file does not drop or rebuild it",
    what: "A CREATE INDEX CONCURRENTLY or REINDEX CONCURRENTLY that failed leaves it. It serves \
            no query, but every write maintains it, and IF NOT EXISTS takes it for the index \
            that is wanted.",
    waits: "Nobody waits; writes are slower.",
    safer: "DROP INDEX CONCURRENTLY, and create it again; or REINDEX INDEX CONCURRENTLY. An \
            index whose name ends in _ccnew or _ccold is only dropped.",
    bad: "CREATE INDEX CONCURRENTLY IF NOT EXISTS docs_embedding_idx ON docs USING hnsw \
            (embedding vector_l2_ops);",
    good: "DROP INDEX CONCURRENTLY docs_embedding_idx;\n\
            CREATE INDEX CONCURRENTLY docs_embedding_idx ON docs USING hnsw (embedding vector_l2_ops);",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    if it.number > 0 {
        return Vec::new();
    }
    let indexes = it.before.iter().filter_map(|(_, object)| match object {
        Object::Index(it) => Some(it),
        _ => None,
    });
    let left =
        indexes.filter(|index| !index.valid && !is_parent(it, index) && !is_handled(it, index));
    let found = left.map(|index| {
        let message = format!("index `{}` of table `{}` is invalid", index.name, index.table);
        Finding::new(message)
            .about(&index.name)
            .safer(format!("DROP INDEX CONCURRENTLY {}", index.qualified_name()))
    });
    found.collect()
}

/// An index of a partitioned table is invalid until every partition has one.
fn is_parent(it: &Context<'_>, index: &Index) -> bool {
    it.is_partitioned(&index.table)
}

/// Whether a statement of the file drops, changes or names the index in REINDEX.
fn is_handled(it: &Context<'_>, index: &Index) -> bool {
    let is_named = |token: &Token, name: &Ident| match token {
        Token::Word(it) | Token::Name(it) => it == name.as_str(),
        Token::Literal | Token::Symbol(_) => false,
    };
    let id = Object::from(index.clone()).id();
    it.file.statements.iter().any(|statement| {
        let changes = statement.facts.changes.iter();
        let dropped = changes.filter(|it| !matches!(it, Change::Create(_))).any(|it| it.id() == id);
        let first = statement.source.tokens.first().and_then(Token::word);
        let named = statement.source.tokens.iter().any(|it| is_named(it, &index.name));
        dropped || (matches!(first, Some("reindex" | "drop")) && named)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::sql;

    use crate::review::ReviewedFile;

    const INDEXED: &str = "[extensions]\nvector = \"*\"\n[tables.t.columns]\nid = \"bigint\"\nv = \"vector(3)?\"\n[tables.t.indexes.i]\nmethod = \"hnsw\"\ncolumns = [{ name = \"v\", metric = \"l2\" }]\n";

    fn invalid(file: &mut ReviewedFile) {
        let schema = &mut std::sync::Arc::make_mut(&mut file.before).schema;
        let index = schema.iter().find_map(|(_, it)| match it {
            Object::Index(it) => Some(Index { valid: false, ..it.clone() }),
            _ => None,
        });
        schema.insert(index.expect("an index"));
    }

    #[test]
    fn fires() {
        sql("alter table t add x int")
            .has(INDEXED)
            .with(invalid)
            .fires(&RULE, "index `i` of table `t` is invalid");
    }

    #[test]
    fn stays_quiet() {
        sql("reindex index concurrently i").has(INDEXED).with(invalid).stays_quiet(&RULE);
    }
}
