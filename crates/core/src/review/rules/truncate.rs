//! TRUNCATE.

use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "truncate",
    name: "truncate",
    severity: Severity::Error,
    summary: "TRUNCATE removes all rows",
    what: "The table has new, empty files. Transactions that began earlier see an empty table \
            too (TRUNCATE is not MVCC-safe).",
    waits: "ACCESS EXCLUSIVE on the table until the transaction ends: reads and writes wait.",
    safer: "DELETE in batches, or detach and drop a partition.",
    bad: "TRUNCATE docs;",
    good: "DELETE FROM docs WHERE id BETWEEN 1 AND 5000;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    if !it.starts(&["truncate"]) || it.words().contains(&"cascade") {
        return Vec::new();
    }
    // A table that an earlier statement of the transaction has locked is not among the locks.
    let found = it.named_tables().filter(|table| !it.is_new(table)).map(|table| {
        let message = format!("TRUNCATE removes all rows of table `{table}`");
        Finding::new(message).about(table).grows_with(table).at(it.mention(&table.name))
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::LockLevel;
    use crate::review::testing::{T, sql};

    #[test]
    fn fires() {
        sql("truncate t")
            .has(T)
            .locks(LockLevel::AccessExclusive, "t")
            .fires(&RULE, "TRUNCATE removes all rows of table `t`");
    }

    #[test]
    fn stays_quiet() {
        sql("create table t ()")
            .makes(T)
            .then("truncate t")
            .locks(LockLevel::AccessExclusive, "t")
            .stays_quiet(&RULE);
    }
}
