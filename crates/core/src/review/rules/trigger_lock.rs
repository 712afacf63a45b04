//! CREATE and DROP TRIGGER.

use crate::plan::LockLevel;
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "trigger-lock",
    name: "trigger-lock",
    severity: Severity::Info,
    summary: "a trigger of a table in use is created or dropped",
    what: "The trigger acts on every write from the commit on, or no longer does.",
    waits: "SHARE ROW EXCLUSIVE on the table for CREATE: writes wait. ACCESS EXCLUSIVE for DROP \
            and RENAME: reads wait too. Briefly, but until the transaction ends.",
    safer: "A transaction of its own with a lock_timeout.",
    bad: "DROP TRIGGER docs_audit ON docs;",
    good: "SET lock_timeout = '2s';\n\
            DROP TRIGGER docs_audit ON docs;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let words = it.words();
    let verb = words.first().copied().unwrap_or_default();
    let about = words.iter().take(5).any(|it| *it == "trigger");
    if !["create", "drop", "alter"].contains(&verb) || it.alters_table() || !about {
        return Vec::new();
    }
    let locks = it.table_locks(LockLevel::ShareRowExclusive);
    let found = locks.map(|lock| {
        let message = format!(
            "{} TRIGGER takes {}",
            verb.to_uppercase(),
            it.held(&lock.relation, lock.level)
        );
        Finding::new(message).about(&lock.relation)
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::{T, sql};

    #[test]
    fn fires() {
        sql("create trigger g before insert on t execute function f()").has(T).locks(LockLevel::ShareRowExclusive, "t").fires(
            &RULE,
            "CREATE TRIGGER takes SHARE ROW EXCLUSIVE on table `t`: writes wait, reads continue",
        );
    }

    #[test]
    fn stays_quiet() {
        sql("create table t ()")
            .makes(T)
            .then("create trigger g before insert on t execute function f()")
            .locks(LockLevel::ShareRowExclusive, "t")
            .stays_quiet(&RULE);
    }
}
