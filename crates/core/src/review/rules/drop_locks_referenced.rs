//! A lock on a table that the statement does not name.

use crate::model::constraint::Constraint;
use crate::model::object::Object;
use crate::plan::LockLevel;
use crate::review::context::{Context, foreign_key, parse_name};
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "drop-locks-referenced",
    name: "G7",
    severity: Severity::Warning,
    summary: "dropping a foreign key locks the referenced table",
    what: "The triggers of the foreign key are on both tables, so DROP TABLE and DROP \
            CONSTRAINT of a foreign key take the strongest lock on the referenced table too.",
    waits: "ACCESS EXCLUSIVE on the referenced table, until the transaction ends: its reads and \
            writes wait.",
    safer: "DROP CONSTRAINT in a transaction of its own with a lock_timeout, before anything \
            else.",
    bad: "DROP TABLE doc_authors;",
    good: "SET lock_timeout = '2s';\n\
            ALTER TABLE doc_authors DROP CONSTRAINT doc_authors_author_fkey;\n\
            DROP TABLE doc_authors;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let constraints = it.drops().filter_map(|it| match it {
        Object::Constraint(it) => Some(it),
        _ => None,
    });
    let dropped: Vec<&Constraint> = constraints.collect();
    let found = it.table_locks(LockLevel::AccessExclusive).filter_map(|lock| {
        let locked = parse_name(&lock.relation);
        let key = dropped.iter().find(|it| {
            foreign_key(it).is_some_and(|key| key.references == locked && it.table != locked)
        })?;
        let message = format!(
            "dropping foreign key `{}` of table `{}` takes {}",
            key.name,
            key.table,
            it.held(&lock.relation, lock.level)
        );
        Some(
            Finding::new(message)
                .about(&lock.relation)
                .safer("DROP CONSTRAINT in a transaction of its own"),
        )
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::{T, sql};

    const WITH: &str = "[tables.r]\nprimary_key = [\"id\"]\n[tables.r.columns]\nid = \"bigint\"\n[tables.t.columns]\nr_id = \"bigint\"\n[tables.t.foreign_keys.fk]\ncolumns = [\"r_id\"]\nreferences = \"r\"\n";
    const WITHOUT: &str =
        "[tables.r]\nprimary_key = [\"id\"]\n[tables.r.columns]\nid = \"bigint\"\n";

    #[test]
    fn fires() {
        sql("drop table t")
            .has(WITH)
            .locks(LockLevel::AccessExclusive, "t")
            .locks(LockLevel::AccessExclusive, "r")
            .makes(WITHOUT)
            .fires(&RULE, "dropping foreign key `fk` of table `t` takes ACCESS EXCLUSIVE on table `r`: reads and writes wait");
    }

    #[test]
    fn stays_quiet() {
        sql("drop table t")
            .has(T)
            .locks(LockLevel::AccessExclusive, "t")
            .makes("")
            .stays_quiet(&RULE);
    }
}
