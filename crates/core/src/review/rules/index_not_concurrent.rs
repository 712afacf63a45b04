//! CREATE INDEX that blocks writes.

use crate::plan::LockLevel;
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::index_text;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "index-not-concurrent",
    name: "index-not-concurrent",
    severity: Severity::Error,
    summary: "CREATE INDEX without CONCURRENTLY on a table in use",
    what: "The index is built while the statement holds its lock, from a scan of the whole \
            table.",
    waits: "SHARE on the table until the transaction ends: INSERT, UPDATE and DELETE wait, reads \
            continue.",
    safer: "CREATE INDEX CONCURRENTLY, outside of a transaction. On a partitioned table it is \
            refused: create the index ON ONLY the parent, CONCURRENTLY on each partition, and \
            attach them.",
    bad: "CREATE INDEX docs_title_idx ON docs (title);",
    good: "CREATE INDEX CONCURRENTLY docs_title_idx ON docs (title);",
    grows: true,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let Some(text) = index_text::read(&it.statement.source) else { return Vec::new() };
    let index = it.new_indexes().next().unwrap_or(&text.index);
    let built = !it.facts().built.is_empty() || !it.is_known();
    let other = text.concurrently || text.only || index.is_vector();
    if other || !built || it.is_new(&index.table) {
        return Vec::new();
    }
    let held = it.held(&index.table, LockLevel::Share);
    let message = format!("CREATE INDEX takes {held} until {} is built", index_text::shown(index));
    let safer = match it.is_partitioned(&index.table) {
        true => {
            "CREATE INDEX ON ONLY the parent, CREATE INDEX CONCURRENTLY on each partition, \
                 ALTER INDEX … ATTACH PARTITION"
        }
        false => "CREATE INDEX CONCURRENTLY",
    };
    let finding = Finding::new(message).safer(safer).about(&index.table);
    vec![finding.grows_with(&index.table)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::{T, sql};

    #[test]
    fn fires() {
        sql("create index i on t (a)").has(T).locks(LockLevel::Share, "t").builds("i").fires(
            &RULE,
            "CREATE INDEX takes SHARE on table `t`: writes wait, reads continue until index `i` is built",
        );
    }

    #[test]
    fn stays_quiet() {
        sql("create index concurrently i on t (a)").has(T).builds("i").stays_quiet(&RULE);
        sql("create table t (id bigint, a int, b text)")
            .makes(T)
            .then("create index i on t (a)")
            .builds("i")
            .stays_quiet(&RULE);
        sql("create index if not exists i on t (a)")
            .has(T)
            .locks(LockLevel::Share, "t")
            .stays_quiet(&RULE);
    }
}
