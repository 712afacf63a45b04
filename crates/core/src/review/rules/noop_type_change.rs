//! A type change that rebuilds indexes although rows stay as they are.

use crate::plan::LockLevel;
use crate::review::context::Context;
use crate::review::facts::Footing;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "noop-type-change",
    name: "G1",
    severity: Severity::Error,
    summary: "ALTER COLUMN TYPE keeps the rows but rebuilds indexes or checks constraints again",
    what: "Even a change to the same type, or to a longer varchar, rebuilds the indexes with an \
            expression or a predicate on the column, and checks its CHECK constraints and \
            foreign keys again, all under the lock of the statement.",
    waits: "ACCESS EXCLUSIVE on the table meanwhile: reads and writes wait.",
    safer: "Leave a change to the same type out. Otherwise drop the index CONCURRENTLY before \
            and create it CONCURRENTLY after; drop a CHECK before, and add it NOT VALID and \
            validate it after.",
    bad: "ALTER TABLE docs ALTER COLUMN title TYPE varchar(40);",
    good: "DROP INDEX CONCURRENTLY docs_lower_title_idx;\n\
            ALTER TABLE docs ALTER COLUMN title TYPE varchar(40);\n\
            CREATE INDEX CONCURRENTLY docs_lower_title_idx ON docs (lower(title));",
    grows: true,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let facts = it.facts();
    if !it.retypes() || !facts.rewritten.is_empty() {
        return Vec::new();
    }
    let scans = facts.scanned.iter().filter(|it| it.footing == Footing::Existing);
    let mut tables: Vec<String> = scans.map(|it| it.table.clone()).collect();
    let locks = it.table_locks(LockLevel::AccessExclusive).map(|it| it.relation.clone());
    tables.extend(locks.take(usize::from(!facts.rebuilt.is_empty())));
    tables.dedup();
    let work = match facts.rebuilt.as_slice() {
        [] => "checks its constraints again by a scan".to_owned(),
        rebuilt => format!("rebuilds index `{}`", rebuilt.join("`, `")),
    };
    let found = tables.first().map(|table| {
        let held = it.held(table, LockLevel::AccessExclusive);
        let message = format!("the type change keeps the rows, but {work} while it holds {held}");
        let finding = Finding::new(message).about(table).grows_with(table).at(it.place(&["type"]));
        finding
            .safer("drop the index or CHECK before, and create it CONCURRENTLY or NOT VALID after")
    });
    found.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::{T, sql};

    #[test]
    fn fires() {
        sql("alter table t alter b type text")
            .has(T)
            .locks(LockLevel::AccessExclusive, "t")
            .rebuilds("t_lower_idx")
            .fires(
                &RULE,
                "rebuilds index `t_lower_idx` while it holds ACCESS EXCLUSIVE on table `t`",
            );
        sql("alter table t alter column b type text")
            .has(T)
            .scans("t")
            .fires(&RULE, "checks its constraints again");
        sql("alter table t alter b set data type text")
            .has(T)
            .scans("t")
            .fires(&RULE, "checks its constraints again");
    }

    #[test]
    fn stays_quiet() {
        sql("alter table t alter b type text")
            .has(T)
            .locks(LockLevel::AccessExclusive, "t")
            .stays_quiet(&RULE);
        sql("alter table t alter column a set data type bigint")
            .has(T)
            .rewrites("t")
            .rebuilds("i")
            .stays_quiet(&RULE);
        sql("alter table t add type text check (type > '')").has(T).scans("t").stays_quiet(&RULE);
    }
}
