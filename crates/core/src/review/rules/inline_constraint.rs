//! ADD COLUMN with a constraint in it.

use crate::model::constraint::{Constraint, ConstraintRule};
use crate::plan::LockLevel;
use crate::review::context::{Context, foreign_key};
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "inline-constraint",
    name: "inline-constraint",
    severity: Severity::Error,
    summary: "ADD COLUMN with a constraint scans the table or builds an index under the lock",
    what: "A CHECK scans the table although every value of the new column is the same; UNIQUE \
            and PRIMARY KEY build their index; REFERENCES locks the referenced table as well.",
    waits: "ACCESS EXCLUSIVE on the table meanwhile: reads and writes wait. REFERENCES takes \
            SHARE ROW EXCLUSIVE on the referenced table: its writes wait.",
    safer: "Add the column alone. Then add the CHECK or the foreign key NOT VALID and validate \
            it in a later transaction; build a unique index CONCURRENTLY and add the constraint \
            USING INDEX.",
    bad: "ALTER TABLE docs ADD COLUMN stars int CHECK (stars > 0);",
    good: "ALTER TABLE docs ADD COLUMN stars int;\n\
            ALTER TABLE docs ADD CONSTRAINT docs_stars CHECK (stars > 0) NOT VALID;\n\
            ALTER TABLE docs VALIDATE CONSTRAINT docs_stars;",
    grows: true,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    if it.added_columns().next().is_none() {
        return Vec::new();
    }
    let found = it.added_constraints().filter_map(|constraint| {
        let cost = cost(it, constraint)?;
        let held = it.held(&constraint.table, LockLevel::AccessExclusive);
        let message = format!(
            "constraint `{}` is added with its column: the statement {cost} while it holds {held}",
            constraint.name
        );
        let finding = Finding::new(message).about(&constraint.name).grows_with(&constraint.table);
        let finding =
            finding.safer("ADD COLUMN alone, then the constraint NOT VALID or USING INDEX");
        // No row refers to anything yet, so the lock on the other table is brief.
        let is_brief = foreign_key(constraint).is_some() && !it.scans(&constraint.table);
        Some(if is_brief { finding.severity(Severity::Warning) } else { finding })
    });
    found.collect()
}

/// What the constraint makes the statement do beside adding a column.
fn cost(it: &Context<'_>, constraint: &Constraint) -> Option<String> {
    match &constraint.rule {
        ConstraintRule::Check { .. } => {
            it.scans(&constraint.table).then(|| "scans the table".to_owned())
        }
        ConstraintRule::PrimaryKey(_)
        | ConstraintRule::Unique(_)
        | ConstraintRule::Exclude { .. } => {
            let builds = !it.facts().built.is_empty() || it.scans(&constraint.table);
            builds.then(|| "builds an index".to_owned())
        }
        ConstraintRule::ForeignKey(key) => {
            let locks = !it.is_new(&key.references) && key.references != constraint.table;
            let held = it.held(&key.references, LockLevel::ShareRowExclusive);
            locks.then(|| format!("takes {held},"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::{T, sql};

    const WITH: &str = "[tables.t.columns]\nid = \"bigint\"\na = \"integer?\"\nb = \"text?\"\nx = \"integer?\"\n[tables.t.checks]\nk = \"x > 0\"\n";

    #[test]
    fn fires() {
        sql("alter table t add x int constraint k check (x > 0)")
            .has(T)
            .locks(LockLevel::AccessExclusive, "t")
            .scans("t")
            .makes(WITH)
            .fires(
                &RULE,
                "the statement scans the table while it holds ACCESS EXCLUSIVE on table `t`",
            );
    }

    #[test]
    fn stays_quiet() {
        sql("create table t ()").makes(WITH).scans("t").stays_quiet(&RULE);
    }
}
