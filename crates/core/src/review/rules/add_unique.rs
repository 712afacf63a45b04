//! ADD UNIQUE that builds its index under the lock.

use crate::model::constraint::ConstraintRule;
use crate::plan::LockLevel;
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "add-unique",
    name: "add-unique",
    severity: Severity::Error,
    summary: "ADD UNIQUE builds its index under ACCESS EXCLUSIVE",
    what: "The index is built while the statement holds its lock, and the statement fails at \
            the end if two rows have the same values.",
    waits: "ACCESS EXCLUSIVE on the table for the duration of the build: reads and writes wait.",
    safer: "CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT … UNIQUE USING INDEX, which is \
            brief.",
    bad: "ALTER TABLE docs ADD CONSTRAINT docs_slug_key UNIQUE (slug);",
    good: "CREATE UNIQUE INDEX CONCURRENTLY docs_slug_key ON docs (slug);\n\
            ALTER TABLE docs ADD CONSTRAINT docs_slug_key UNIQUE USING INDEX docs_slug_key;",
    grows: true,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let inline = it.added_columns().next().is_some();
    let uniques = it.added_constraints().filter(|it| matches!(it.rule, ConstraintRule::Unique(_)));
    let built = uniques.filter(|_| !it.facts().built.is_empty() && !inline);
    let found = built.map(|constraint| {
        let (name, table) = (&constraint.name, &constraint.table);
        let held = it.held(table, LockLevel::AccessExclusive);
        let message = format!("adding UNIQUE `{name}` builds its index while it holds {held}");
        let finding = Finding::new(message).about(name).grows_with(table).at(it.mention(name));
        finding.safer("CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT … UNIQUE USING INDEX")
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::{T, sql};

    const WITH: &str = "[tables.t.columns]\nid = \"bigint\"\na = \"integer?\"\nb = \"text?\"\n[tables.t.uniques]\nu = [\"a\"]\n";

    #[test]
    fn fires() {
        sql("alter table t add constraint u unique (a)")
            .has(T)
            .locks(LockLevel::AccessExclusive, "t")
            .builds("u")
            .makes(WITH)
            .fires(
                &RULE,
                "adding UNIQUE `u` builds its index while it holds ACCESS EXCLUSIVE on table `t`",
            );
    }

    #[test]
    fn stays_quiet() {
        sql("alter table t add constraint u unique using index u")
            .has(T)
            .locks(LockLevel::AccessExclusive, "t")
            .makes(WITH)
            .stays_quiet(&RULE);
    }
}
