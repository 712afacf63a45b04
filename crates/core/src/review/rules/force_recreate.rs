//! DROP TABLE IF EXISTS before CREATE TABLE.

use crate::review::context::{Context, words_of};
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};
use crate::sql_text::Token;

pub(super) static RULE: Rule = Rule {
    code: "force-recreate",
    name: "force-recreate",
    severity: Severity::Error,
    summary: "DROP TABLE IF EXISTS and CREATE TABLE of the same name in one file",
    what: "Where the table exists, its rows are lost; where it does not, nothing is noticed. So \
            the file does something else on each database.",
    waits: "ACCESS EXCLUSIVE on the old table.",
    safer: "CREATE TABLE alone, which fails where the table exists.",
    bad: "DROP TABLE IF EXISTS docs;\n\
            CREATE TABLE docs (id bigint);",
    good: "CREATE TABLE docs (id bigint);",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    if !it.starts(&["drop", "table", "if", "exists"]) {
        return Vec::new();
    }
    let names = |tokens: &[Token]| tokens.iter().map(name).find(Option::is_some).flatten();
    let Some(dropped) = names(&it.statement.source.tokens[4..]) else { return Vec::new() };
    let later = &it.file.statements[it.number + 1..];
    let created = later.iter().filter(|it| words_of(it).starts_with(&["create", "table"]));
    let same = created.filter(|it| {
        it.source.tokens[2..].iter().filter_map(name).find(|it| !SKIPPED.contains(&it.as_str()))
            == Some(dropped.clone())
    });
    let found = same.take(1).map(|_| {
        let message = format!(
            "table `{dropped}` is dropped if it exists, and created again without its rows"
        );
        // Where the history has no such table, it takes another database to lose rows.
        let known = it.before.tables().any(|it| it.name.name.as_str() == dropped);
        let severity = if known { Severity::Error } else { Severity::Warning };
        Finding::new(message).about(&dropped).severity(severity).safer("CREATE TABLE alone")
    });
    found.collect()
}

/// What can stand before the name in CREATE TABLE.
const SKIPPED: [&str; 3] = ["if", "not", "exists"];

fn name(token: &Token) -> Option<String> {
    match token {
        Token::Word(it) | Token::Name(it) => Some(it.clone()),
        Token::Literal | Token::Symbol(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::sql;

    #[test]
    fn fires() {
        sql("drop table if exists t")
            .then("create table if not exists t (a int)")
            .fires(&RULE, "table `t` is dropped if it exists, and created again");
    }

    #[test]
    fn stays_quiet() {
        sql("drop table if exists t").then("create table s (a int)").stays_quiet(&RULE);
    }
}
