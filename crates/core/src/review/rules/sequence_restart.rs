//! A sequence that is set to another value.

use crate::model::ident::QualifiedName;
use crate::model::object::ObjectKind;
use crate::review::context::{Context, parse_name};
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};
use crate::sql_text::Token;

pub(super) static RULE: Rule = Rule {
    code: "sequence-restart",
    name: "sequence-restart",
    severity: Severity::Warning,
    summary: "a sequence that starts again gives values that rows already have",
    what: "RESTART and setval take no notice of the rows. Below the largest value of the column, INSERT fails with \
            duplicate key (23505), or without a unique key gives one value to two rows. The value before is lost.",
    waits: "SHARE ROW EXCLUSIVE on the sequence for RESTART: nextval of other sessions waits until the transaction \
            ends. ALTER TABLE takes ACCESS EXCLUSIVE on the table as well. setval makes nobody wait, and no \
            ROLLBACK brings the old value back.",
    safer: "setval with the largest value that the rows have.",
    bad: "ALTER SEQUENCE docs_id_seq RESTART WITH 1;",
    good: "SELECT setval('docs_id_seq', (SELECT coalesce(max(id), 1) FROM docs));",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let words = it.words();
    let by_name = it.starts(&["alter", "sequence"]);
    let restarts = by_name && words.contains(&"restart") || it.alters_table() && restarts(words);
    // A value that comes from a query is not known; `max` says that it comes from the rows.
    let sets = it.has(&["setval", "("]) && !words.contains(&"max");
    if !(restarts || sets) || it.concerns_only_new() || sets && sets_new(it) {
        return Vec::new();
    }
    let (word, does) = if restarts { ("restart", "RESTART") } else { ("setval", "setval") };
    let message = format!("{does} sets a sequence to a value that takes no notice of the rows");
    let safer = "setval with the largest value of the column";
    vec![Finding::new(message).at(it.place(&[word])).safer(safer)]
}

/// Whether ALTER TABLE restarts the sequence of a column. A column can be called `restart`.
fn restarts(words: &[&str]) -> bool {
    let named = ["add", "alter", "column", "drop", "rename", "to", "(", ",", "."];
    words.windows(2).any(|it| it[1] == "restart" && !named.contains(&it[0]))
        && !words.windows(2).any(|it| it[0] == "restart" && [")", "?"].contains(&it[1]))
}

/// Whether setval names a sequence that the file has created, or one of a table that it has: `t_id_seq`, and the `t` of
/// pg_get_serial_sequence.
fn sets_new(it: &Context<'_>) -> bool {
    let literals = it.placed().iter().filter(|(token, _)| **token == Token::Literal);
    let Some((_, at)) = literals.into_iter().next() else { return false };
    let named = parse_name(it.text()[at.clone()].trim_matches('\''));
    let is_of = |table: &QualifiedName| {
        let (table, named) = (table.name.as_str(), named.name.as_str());
        named.strip_prefix(table).is_some_and(|it| it.is_empty() || it.starts_with('_'))
    };
    let created = it.before.iter().any(|(id, _)| {
        id.kind == ObjectKind::Sequence && id.name == named.name && !it.was_there(id)
    });
    created || it.created.iter().any(is_of)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::{T, sql};

    const S: &str = "[sequences.s]\n";

    #[test]
    fn fires() {
        let says = "RESTART sets a sequence to a value that takes no notice of the rows";
        sql("alter sequence s restart").has(S).fires_once(&RULE, says);
        sql("alter table t alter column id restart with 5").has(T).fires_once(&RULE, says);
        sql("select setval('s', 1)").has(S).fires_once(&RULE, "setval sets a sequence");
        sql("select pg_catalog.setval('public.t_id_seq', 5, true)")
            .has(T)
            .fires_once(&RULE, "setval sets a sequence");
    }

    #[test]
    fn stays_quiet() {
        sql("select setval('t_id_seq', (select coalesce(max(id), 1) from t))")
            .has(T)
            .stays_quiet(&RULE);
        sql("alter sequence s increment by 2").has(S).stays_quiet(&RULE);
        for action in ["add restart int", "add column restart int", "add check (a > restart)"] {
            sql(&format!("alter table t {action}")).has(T).stays_quiet(&RULE);
        }
        sql("select setval from t").has(T).stays_quiet(&RULE);
        // A dump sets what it has created.
        for set in ["'public.t_id_seq', 5, true", "pg_get_serial_sequence('t', 'id'), 5"] {
            sql("create table t (id bigserial, a integer, b text)")
                .makes(T)
                .then(&format!("select pg_catalog.setval({set})"))
                .stays_quiet(&RULE);
        }
        sql("create sequence s").makes(S).then("alter sequence s restart").stays_quiet(&RULE);
        sql("create sequence s").makes(S).then("select setval('s', 2)").stays_quiet(&RULE);
    }
}
