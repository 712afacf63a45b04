//! Foreign keys to several tables in one transaction.

use std::collections::BTreeSet;

use crate::diff::Change;
use crate::model::ident::QualifiedName;
use crate::model::object::Object;
use crate::plan::LockLevel;
use crate::review::context::{Context, foreign_key};
use crate::review::facts::ReviewedStatement;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "many-fks",
    name: "many-fks",
    severity: Severity::Warning,
    summary: "one transaction adds foreign keys to several tables in use",
    what: "Each foreign key locks its referenced table until the transaction ends. The more \
            tables one transaction locks, the more likely it is that it waits for one while it \
            holds the others.",
    waits: "SHARE ROW EXCLUSIVE on every referenced table: their writes wait until the \
            transaction ends.",
    safer: "One foreign key a transaction, NOT VALID, each validated in a later transaction.",
    bad: "CREATE TABLE marks (doc_id bigint REFERENCES docs, user_id bigint REFERENCES users);",
    good: "CREATE TABLE marks (doc_id bigint, user_id bigint);\n\
            ALTER TABLE marks ADD FOREIGN KEY (doc_id) REFERENCES docs NOT VALID;\n\
            COMMIT;\n\
            ALTER TABLE marks ADD FOREIGN KEY (user_id) REFERENCES users NOT VALID;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let own = referenced(it.statement);
    let earlier: BTreeSet<_> = it.same_transaction().flat_map(referenced).collect();
    let all: BTreeSet<_> = own.union(&earlier).collect();
    if own.is_empty() || own.is_subset(&earlier) || all.len() < 2 {
        return Vec::new();
    }
    let names: Vec<_> = all.iter().map(|it| format!("`{it}`")).collect();
    let message = format!(
        "one transaction holds {} on tables {}: writes wait",
        LockLevel::ShareRowExclusive.name(),
        names.join(", ")
    );
    vec![Finding::new(message).safer("one foreign key a transaction")]
}

/// The tables in use that the foreign keys of a statement reference.
fn referenced(statement: &ReviewedStatement) -> BTreeSet<QualifiedName> {
    let keys = statement.facts.changes.iter().filter_map(|it| match it {
        Change::Create(Object::Constraint(it)) => foreign_key(it).map(|key| (it, key)),
        _ => None,
    });
    let locked = |table: &QualifiedName| {
        let name = table.to_string();
        statement.facts.locks.iter().any(|lock| {
            lock.relation == name && lock.footing == crate::review::facts::Footing::Existing
        })
    };
    let others = keys.filter(|(constraint, key)| key.references != constraint.table);
    others.map(|it| it.1.references.clone()).filter(locked).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::sql;

    const BEFORE: &str = "[tables.r]\nprimary_key = [\"id\"]\n[tables.r.columns]\nid = \"bigint\"\n[tables.s]\nprimary_key = [\"id\"]\n[tables.s.columns]\nid = \"bigint\"\n";
    const AFTER: &str = "[tables.r]\nprimary_key = [\"id\"]\n[tables.r.columns]\nid = \"bigint\"\n[tables.s]\nprimary_key = [\"id\"]\n[tables.s.columns]\nid = \"bigint\"\n[tables.t.columns]\nr_id = { type = \"bigint\", references = \"r.id\" }\ns_id = { type = \"bigint\", references = \"s.id\" }\n";

    #[test]
    fn fires() {
        sql("create table t (r_id bigint references r, s_id bigint references s)")
            .has(BEFORE)
            .makes(AFTER)
            .locks(LockLevel::ShareRowExclusive, "r")
            .locks(LockLevel::ShareRowExclusive, "s")
            .fires(&RULE, "one transaction holds SHARE ROW EXCLUSIVE on tables `r`, `s`");
    }

    #[test]
    fn stays_quiet() {
        sql("create table t (r_id bigint references r, s_id bigint references s)")
            .makes(AFTER)
            .stays_quiet(&RULE);
    }
}
