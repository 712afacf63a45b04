//! ADD PRIMARY KEY that builds its index or reads every row under the lock.

use crate::model::constraint::ConstraintRule;
use crate::plan::LockLevel;
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "add-primary-key",
    name: "add-primary-key",
    severity: Severity::Error,
    summary: "ADD PRIMARY KEY builds its index or scans the table under ACCESS EXCLUSIVE",
    what: "The index is built while the statement holds its lock. With USING INDEX the table is \
            still scanned if a column is nullable, because the key implies NOT NULL.",
    waits: "ACCESS EXCLUSIVE on the table meanwhile: reads and writes wait.",
    safer: "Prove NOT NULL by a validated CHECK and SET NOT NULL, CREATE UNIQUE INDEX \
            CONCURRENTLY, then ADD PRIMARY KEY USING INDEX.",
    bad: "ALTER TABLE docs ADD PRIMARY KEY (id);",
    good: "CREATE UNIQUE INDEX CONCURRENTLY docs_pkey ON docs (id);\n\
            ALTER TABLE docs ADD PRIMARY KEY USING INDEX docs_pkey;",
    grows: true,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let inline = it.added_columns().next().is_some();
    let keys = it.added_constraints().filter(|it| matches!(it.rule, ConstraintRule::PrimaryKey(_)));
    let found = keys.filter(|_| !inline).filter_map(|constraint| {
        let (name, table) = (&constraint.name, &constraint.table);
        let work = match (it.facts().built.is_empty(), it.scans(table)) {
            (false, _) => "builds its index",
            (true, true) => "scans the table for NULL",
            (true, false) => return None,
        };
        let held = it.held(table, LockLevel::AccessExclusive);
        let message = format!("adding PRIMARY KEY `{name}` {work} while it holds {held}");
        let finding =
            Finding::new(message).about(name).grows_with(table).at(it.place(&["primary"]));
        Some(finding.safer("CREATE UNIQUE INDEX CONCURRENTLY, then ADD PRIMARY KEY USING INDEX"))
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::{T, sql};

    const WITH: &str = "[tables.t]\nprimary_key = [\"id\"]\n[tables.t.columns]\nid = \"bigint\"\na = \"integer?\"\nb = \"text?\"\n";

    #[test]
    fn fires() {
        sql("alter table t add primary key (id)").has(T).builds("t_pkey").makes(WITH).fires(
            &RULE,
            "adding PRIMARY KEY `t_pkey` builds its index while it holds ACCESS EXCLUSIVE on table `t`",
        );
    }

    #[test]
    fn stays_quiet() {
        sql("alter table t add primary key using index i").has(T).makes(WITH).stays_quiet(&RULE);
    }
}
