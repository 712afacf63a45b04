//! REPLICA IDENTITY.

use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "replica-identity",
    name: "replica-identity",
    severity: Severity::Warning,
    summary: "REPLICA IDENTITY changes",
    what: "It decides which columns of an old row logical replication sends. With NOTHING, \
            UPDATE and DELETE of a published table fail; with FULL each writes the whole row to \
            the write-ahead log.",
    waits: "ACCESS EXCLUSIVE on the table, briefly.",
    safer: "DEFAULT with a primary key, or USING INDEX.",
    bad: "ALTER TABLE docs REPLICA IDENTITY FULL;",
    good: "ALTER TABLE docs REPLICA IDENTITY USING INDEX docs_slug_key;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    match it.alters_table() && it.has(&["replica", "identity"]) && !it.names_only_new() {
        true => {
            let message = "REPLICA IDENTITY decides what logical replication sends of old rows";
            vec![Finding::new(message).at(it.place(&["replica"]))]
        }
        false => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::{T, sql};

    #[test]
    fn fires() {
        sql("alter table t replica identity full").fires(&RULE, "REPLICA IDENTITY decides");
    }

    #[test]
    fn stays_quiet() {
        sql("alter table t set (fillfactor = 80)").stays_quiet(&RULE);
        sql("create table t ()")
            .makes(T)
            .then("alter table t replica identity full")
            .stays_quiet(&RULE);
    }
}
