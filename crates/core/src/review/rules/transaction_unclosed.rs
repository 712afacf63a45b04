//! BEGIN without COMMIT.

use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "transaction-unclosed",
    name: "transaction-unclosed",
    severity: Severity::Error,
    summary: "a transaction is not ended by the file",
    what: "Without COMMIT everything since BEGIN is rolled back when the session ends, and \
            holds its locks until then.",
    waits: "Everyone whom the locks of the transaction block, until the session ends.",
    safer: "COMMIT at the end.",
    bad: "BEGIN;\n\
            ALTER TABLE docs ADD COLUMN note text;",
    good: "BEGIN;\n\
            ALTER TABLE docs ADD COLUMN note text;\n\
            COMMIT;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    use crate::sql_text::TransactionWord::{Begin, BeginWith, Savepoint};
    let opens = matches!(it.statement.source.transaction_word(), Some(Begin | BeginWith));
    let later = &it.file.statements[it.number + 1..];
    let mut words = later.iter().filter_map(|it| it.source.transaction_word());
    match opens && !words.any(|it| it != Savepoint) {
        true => vec![
            Finding::new("the transaction is not ended by the file: it is rolled back")
                .safer("COMMIT at the end"),
        ],
        false => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::sql;

    #[test]
    fn fires() {
        sql("begin")
            .then("create table t ()")
            .fires(&RULE, "the transaction is not ended by the file");
    }

    #[test]
    fn stays_quiet() {
        sql("begin").then("create table t ()").then("commit").stays_quiet(&RULE);
    }
}
