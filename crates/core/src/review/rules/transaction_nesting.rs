//! BEGIN in a transaction.

use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};
use crate::sql_text::TransactionWord;

pub(super) static RULE: Rule = Rule {
    code: "transaction-nesting",
    name: "transaction-nesting",
    severity: Severity::Warning,
    summary: "BEGIN inside of a transaction, or COMMIT outside of one",
    what: "PostgreSQL has no nested transactions: both only give a WARNING. The first COMMIT \
            ends everything, and what follows runs on its own.",
    waits: "Nobody waits.",
    safer: "One BEGIN and one COMMIT, or SAVEPOINT.",
    bad: "BEGIN;\n\
            BEGIN;\n\
            COMMIT;\n\
            COMMIT;",
    good: "BEGIN;\n\
            SAVEPOINT s;\n\
            RELEASE s;\n\
            COMMIT;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let message = match (it.statement.source.transaction_word(), it.in_block()) {
        (Some(TransactionWord::Begin | TransactionWord::BeginWith), true) => {
            "BEGIN inside of a transaction only gives a WARNING"
        }
        (Some(TransactionWord::Commit | TransactionWord::CommitAndChain), false)
            if !it.is_revision() =>
        {
            "COMMIT outside of a transaction only gives a WARNING"
        }
        _ => return Vec::new(),
    };
    vec![Finding::new(message)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::sql;

    #[test]
    fn fires() {
        sql("begin").then("begin").fires(&RULE, "BEGIN inside of a transaction");
        sql("commit").fires(&RULE, "COMMIT outside of a transaction");
    }

    #[test]
    fn stays_quiet() {
        sql("begin").then("commit").stays_quiet(&RULE);
    }
}
