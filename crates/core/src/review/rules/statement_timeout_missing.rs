//! A long statement without statement_timeout.

use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "statement-timeout-missing",
    name: "statement-timeout-missing",
    severity: Severity::Info,
    summary: "a file that aludel does not run reads or writes a whole table without \
            statement_timeout",
    what: "A statement that takes longer than expected holds its locks until somebody ends it.",
    waits: "Everyone whom the lock of the statement blocks.",
    safer: "SET statement_timeout to what the release can bear.",
    bad: "ALTER TABLE docs ALTER COLUMN title SET NOT NULL;",
    good: "SET statement_timeout = '15min';\n\
            ALTER TABLE docs ALTER COLUMN title SET NOT NULL;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let first = !it.earlier().any(crate::review::facts::ReviewedStatement::takes_long);
    let set = it.setting("statement_timeout").is_some();
    match it.statement.takes_long() && first && !set && !it.is_revision() {
        true => vec![Finding::new(
            "no statement_timeout, and the statement takes longer the more rows there are",
        )],
        false => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::{T, sql};

    #[test]
    fn fires() {
        sql("create index i on t (a)").has(T).builds("i").fires(&RULE, "no statement_timeout");
    }

    #[test]
    fn stays_quiet() {
        sql("set statement_timeout = '1h'")
            .has(T)
            .then("create index i on t (a)")
            .builds("i")
            .stays_quiet(&RULE);
    }
}
