//! Much WAL while a replica is behind.

use crate::report::bytes;
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "replication-lag",
    name: "replication-lag",
    severity: Severity::Warning,
    summary: "a rewrite or an index build while a replica is far behind",
    what: "Rewriting a table or building an index writes as much to the write-ahead log. A \
            replica that is behind falls further behind, and a replication slot keeps the log \
            until the disk is full.",
    waits: "Reads on the replica, and commits with synchronous replication.",
    safer: "Wait until the replica has caught up.",
    bad: "ALTER TABLE docs ALTER COLUMN id TYPE bigint;",
    good: "SELECT replay_lag FROM pg_stat_replication;",
    grows: false,
    check,
};

/// What a replica may be behind.
const TOLERATED: u64 = 64 << 20;

fn check(it: &Context<'_>) -> Vec<Finding> {
    let facts = it.facts();
    let writes = [&facts.rewritten, &facts.rebuilt, &facts.built].into_iter().flatten().next();
    match (it.surroundings.replication_lag, writes) {
        (Some(lag), Some(relation)) if lag > TOLERATED => {
            let message = format!(
                "a replica is {} behind, and `{relation}` is written as a whole",
                bytes(lag)
            );
            vec![Finding::new(message).about(relation)]
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::surroundings::Surroundings;
    use crate::review::testing::{T, sql};

    fn near(lag: u64) -> Surroundings {
        Surroundings { replication_lag: Some(lag), ..Surroundings::default() }
    }

    #[test]
    fn fires() {
        sql("alter table t alter a type bigint")
            .has(T)
            .rewrites("t")
            .near(near(1 << 30))
            .fires(&RULE, "a replica is 1.0 GiB behind");
    }

    #[test]
    fn stays_quiet() {
        sql("alter table t alter a type bigint")
            .has(T)
            .rewrites("t")
            .near(near(1 << 20))
            .stays_quiet(&RULE);
    }
}
