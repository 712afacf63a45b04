//! A statement whose work depends on data.

use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "opaque-statement",
    name: "opaque-statement",
    severity: Severity::Info,
    summary: "a statement runs code whose branches depend on data",
    what: "DO, CALL and EXECUTE run code. What was measured is what that code did on the \
            scratch database; on other rows it can do something else.",
    waits: "Whatever the code does.",
    safer: "Write the statements themselves.",
    bad: "DO $$ BEGIN EXECUTE 'DROP TABLE ' || quote_ident('docs'); END $$;",
    good: "DROP TABLE docs;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let words = it.words();
    match words.first() {
        Some(first @ (&"do" | &"call" | &"execute")) => {
            let first = first.to_uppercase();
            vec![Finding::new(format!("{first} runs code: it can do something else on other data"))]
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::sql;

    #[test]
    fn fires() {
        sql("do $$ begin end $$").fires(&RULE, "DO runs code");
    }

    #[test]
    fn stays_quiet() {
        sql("create function f() returns int language sql as 'select 1'").stays_quiet(&RULE);
    }
}
