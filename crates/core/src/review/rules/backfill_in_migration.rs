//! UPDATE of a whole table at once.

use crate::model::ident::Ident;
use crate::plan::LockLevel;
use crate::review::context::{Context, parse_name};
use crate::review::facts::{Footing, RelationKind, RelationLock};
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};
use crate::sql_text::Token;

pub(super) static RULE: Rule = Rule {
    code: "backfill-in-migration",
    name: "backfill-in-migration",
    severity: Severity::Warning,
    summary: "UPDATE or DELETE of a large part of a table in one transaction",
    what: "Every changed row is locked until the transaction ends, is rewritten with its \
            index entries, and leaves a dead row. Nothing is reached if the statement is \
            interrupted.",
    waits: "Writers of the same rows, until the transaction ends; replicas, for as much WAL as \
            the table has.",
    safer: "Batches, each in its own transaction. aludel cuts an UPDATE with the directive.",
    bad: "UPDATE docs SET title = '' WHERE title IS NULL;",
    good: "-- aludel: batches by id, 5000 rows, pause 100ms\n\
            UPDATE docs SET title = '' WHERE title IS NULL;",
    grows: true,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let words = it.words();
    let writes = words.iter().any(|it| matches!(*it, "update" | "delete"))
        && matches!(words.first(), Some(&("update" | "delete" | "merge" | "with")));
    if !writes || it.statement.source.batches().is_some() {
        return Vec::new();
    }
    let is_write = |it: &&RelationLock| {
        let is_used = it.footing == Footing::Existing && it.kind == RelationKind::Table;
        is_used && it.level == LockLevel::RowExclusive
    };
    let mut locks: Vec<_> = it.facts().locks.iter().filter(is_write).collect();
    if locks.is_empty() {
        // An earlier statement of the transaction has taken it.
        let earlier = it.same_transaction().flat_map(|it| &it.facts.locks).filter(is_write);
        locks.extend(earlier.filter(|lock| is_target(it, &parse_name(&lock.relation).name)));
    }
    let locks = locks.into_iter().filter(|lock| it.scans(&lock.relation));
    let locks = locks.filter(|lock| !it.is_locked_as_part(lock));
    let found = locks.map(|lock| {
        let table = &lock.relation;
        let message = format!("the statement scans table `{table}` and keeps every changed row locked until the transaction ends");
        let finding = Finding::new(message).about(table).grows_with(table);
        finding.safer("-- aludel: batches by KEY, 5000 rows")
    });
    found.collect()
}

/// Whether a table of this name is what the statement writes, and not only reads.
fn is_target(it: &Context<'_>, name: &Ident) -> bool {
    let words = it.words();
    let verbs = |at: usize| match words[at] {
        "update" => true,
        "from" => at > 0 && words[at - 1] == "delete",
        "into" => at > 0 && words[at - 1] == "merge",
        _ => false,
    };
    let is_name = |at: usize| match it.placed().get(at) {
        Some((Token::Word(it) | Token::Name(it), _)) => it == name.as_str(),
        Some((Token::Literal | Token::Symbol(_), _)) | None => false,
    };
    (0..words.len()).filter(|at| verbs(*at)).any(|at| {
        let first = at + 1 + usize::from(words.get(at + 1) == Some(&"only"));
        let qualified = words.get(first + 1) == Some(&".");
        is_name(first + 2 * usize::from(qualified))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::{P, T, sql};

    #[test]
    fn fires() {
        sql("update t set a = 1 where a is null")
            .has(T)
            .locks(LockLevel::RowExclusive, "t")
            .scans("t")
            .fires(&RULE, "the statement scans table `t` and keeps every changed row locked");
        sql("merge into t using u on t.id = u.id when matched then update set a = 1")
            .has(T)
            .locks(LockLevel::RowExclusive, "t")
            .scans("t")
            .fires(&RULE, "the statement scans table `t`");
        sql("update t set a = 1")
            .has(P)
            .locks(LockLevel::RowExclusive, "p")
            .locks(LockLevel::RowExclusive, "t")
            .scans("p")
            .fires_once(&RULE, "the statement scans table `t`");
        sql("insert into t (id) values (1)")
            .has(T)
            .locks(LockLevel::RowExclusive, "t")
            .then("update t set a = 1")
            .scans("t")
            .fires(&RULE, "the statement scans table `t`");
    }

    #[test]
    fn stays_quiet() {
        sql("-- aludel: batches by id, 5 rows\nupdate t set a = 1 where a is null")
            .has(T)
            .locks(LockLevel::RowExclusive, "t")
            .scans("t")
            .stays_quiet(&RULE);
        sql("insert into t (id) values (1)")
            .has(T)
            .locks(LockLevel::RowExclusive, "t")
            .then("update u set a = t.a from t")
            .scans("t")
            .stays_quiet(&RULE);
    }
}
