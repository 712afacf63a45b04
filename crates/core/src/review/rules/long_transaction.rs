//! An open transaction for which the statement would wait now.

use crate::plan::LockLevel;
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "long-transaction",
    name: "long-transaction",
    severity: Severity::Warning,
    summary: "a transaction on the server holds a table that the statement locks",
    what: "A transaction has been open for long and has used the table. The statement would \
            wait for it now, and all later queries on the table would queue behind the \
            statement.",
    waits: "Everything that the lock of the statement conflicts with, until the other \
            transaction ends or lock_timeout passes.",
    safer: "Wait until the transaction ends, or end it with pg_terminate_backend(pid).",
    bad: "ALTER TABLE docs ADD COLUMN note text;",
    good: "SET lock_timeout = '2s';\n\
            ALTER TABLE docs ADD COLUMN note text;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let transactions = &it.surroundings.long_transactions;
    let locks = it.table_locks(LockLevel::Share);
    let found = locks.flat_map(|lock| {
        let holders = transactions.iter().filter(|open| open.tables.contains(&lock.relation));
        holders.map(move |open| {
            let message = format!(
                "process {} has had a transaction on table `{}` open for {} s: {} would wait for it",
                open.pid,
                lock.relation,
                open.seconds,
                lock.level.name()
            );
            Finding::new(message).about(&lock.relation)
        })
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::surroundings::{LongTransaction, Surroundings};
    use crate::review::testing::{T, sql};

    fn near(table: &str) -> Surroundings {
        let open = LongTransaction { pid: 42, seconds: 600, tables: vec![table.to_owned()] };
        Surroundings { long_transactions: vec![open], ..Surroundings::default() }
    }

    #[test]
    fn fires() {
        sql("alter table t add x int")
            .has(T)
            .locks(LockLevel::AccessExclusive, "t")
            .near(near("t"))
            .fires(&RULE, "process 42 has had a transaction on table `t` open for 600 s");
    }

    #[test]
    fn stays_quiet() {
        sql("alter table t add x int")
            .has(T)
            .locks(LockLevel::AccessExclusive, "t")
            .near(near("s"))
            .stays_quiet(&RULE);
    }
}
