//! A name that PostgreSQL cuts.

use crate::model::ident::MAX_IDENT_BYTES;
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};
use crate::sql_text::Token;

pub(super) static RULE: Rule = Rule {
    code: "identifier-too-long",
    name: "identifier-too-long",
    severity: Severity::Warning,
    summary: "a name of more than 63 bytes",
    what: "PostgreSQL cuts the name to 63 bytes and only says so in a NOTICE. Two names that \
            differ at the end become one.",
    waits: "Nobody waits.",
    safer: "A shorter name.",
    bad: "CREATE INDEX documents_of_the_department_by_title_and_author_and_language_idx ON \
            docs (title);",
    good: "CREATE INDEX documents_by_title_idx ON docs (title);",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let long = it.placed().iter().filter_map(|(token, at)| match token {
        Token::Word(it) | Token::Name(it) if it.len() > MAX_IDENT_BYTES => Some((it, at.start)),
        Token::Word(_) | Token::Name(_) | Token::Literal | Token::Symbol(_) => None,
    });
    let found = long.map(|(name, at)| {
        let message = format!("name `{name}` has {} bytes: PostgreSQL cuts it to 63", name.len());
        Finding::new(message).about(name).at(Some(at))
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::sql;

    #[test]
    fn fires() {
        sql(&format!("create table {} ()", "x".repeat(64)))
            .fires(&RULE, "has 64 bytes: PostgreSQL cuts it to 63");
    }

    #[test]
    fn stays_quiet() {
        sql(&format!("create table {} ()", "x".repeat(63))).stays_quiet(&RULE);
    }
}
