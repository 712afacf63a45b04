//! REFRESH MATERIALIZED VIEW that blocks reads.

use crate::plan::LockLevel;
use crate::review::context::Context;
use crate::review::facts::RelationKind;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "refresh-matview",
    name: "refresh-matview",
    severity: Severity::Error,
    summary: "REFRESH MATERIALIZED VIEW without CONCURRENTLY",
    what: "The query of the view runs, and its result is written into new files, while the view \
            is locked.",
    waits: "ACCESS EXCLUSIVE on the view for the duration of the query: reads of it wait.",
    safer: "REFRESH MATERIALIZED VIEW CONCURRENTLY, which needs a unique index without a \
            predicate on the view.",
    bad: "REFRESH MATERIALIZED VIEW doc_counts;",
    good: "CREATE UNIQUE INDEX ON doc_counts (author_id);\n\
            REFRESH MATERIALIZED VIEW CONCURRENTLY doc_counts;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    if !it.starts(&["refresh"]) || it.words().contains(&"concurrently") {
        return Vec::new();
    }
    let locks = it.existing_locks().filter(|lock| {
        lock.level == LockLevel::AccessExclusive && lock.kind != RelationKind::Index
    });
    let found = locks.map(|lock| {
        let message = format!(
            "REFRESH takes {} on materialized view `{}`: reads wait until its query has run",
            lock.level.name(),
            lock.relation
        );
        Finding::new(message).about(&lock.relation).safer("REFRESH MATERIALIZED VIEW CONCURRENTLY")
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::sql;

    #[test]
    fn fires() {
        sql("refresh materialized view t")
            .locks(LockLevel::AccessExclusive, "t")
            .fires(&RULE, "REFRESH takes ACCESS EXCLUSIVE on materialized view `t`: reads wait");
    }

    #[test]
    fn stays_quiet() {
        sql("refresh materialized view concurrently t").stays_quiet(&RULE);
    }
}
