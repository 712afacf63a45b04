//! Several passes over one table.

use crate::review::context::{Context, parse_name};
use crate::review::facts::{Footing, ReviewedStatement};
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "multiple-alters",
    name: "multiple-alters",
    severity: Severity::Warning,
    summary: "several statements of a file each scan or rewrite the same table",
    what: "Each reads all rows again. One ALTER TABLE with several actions reads them once.",
    waits: "The table is locked as often as there are statements.",
    safer: "One ALTER TABLE with all actions, where the lock is needed anyway.",
    bad: "ALTER TABLE docs ALTER COLUMN id TYPE bigint;\n\
            ALTER TABLE docs ALTER COLUMN author_id TYPE bigint;",
    good: "ALTER TABLE docs ALTER COLUMN id TYPE bigint, ALTER COLUMN author_id TYPE bigint;",
    grows: true,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    if !it.alters_table() || it.has(&["validate", "constraint"]) {
        return Vec::new();
    }
    let earlier = it
        .earlier()
        .filter(|it| it.source.tokens.first().and_then(|it| it.word()) == Some("alter"));
    let passes: Vec<_> =
        earlier.flat_map(|it| passed(it).map(|table| (it.source.line, table))).collect();
    let old = passed(it.statement).filter(|table| !it.is_new(&parse_name(table)));
    let found = old.filter_map(|table| {
        let (line, _) = passes.iter().find(|it| it.1 == table)?;
        let message =
            format!("table `{table}` is read as a whole again, after the statement in line {line}");
        Some(
            Finding::new(message)
                .about(table)
                .grows_with(table)
                .safer("one ALTER TABLE with all actions"),
        )
    });
    found.take(1).collect()
}

/// The tables that a statement reads or writes as a whole.
fn passed(statement: &ReviewedStatement) -> impl Iterator<Item = &str> {
    let scans = statement.facts.scanned.iter().filter(|it| it.footing == Footing::Existing);
    let scans = scans.map(|it| it.table.as_str());
    statement.facts.rewritten.iter().map(String::as_str).chain(scans)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::{T, sql};

    #[test]
    fn fires() {
        sql("alter table t alter a type bigint")
            .has(T)
            .rewrites("t")
            .then("alter table t alter id type text")
            .rewrites("t")
            .fires(&RULE, "table `t` is read as a whole again, after the statement in line 1");
    }

    #[test]
    fn stays_quiet() {
        sql("alter table t alter a type bigint")
            .has(T)
            .rewrites("t")
            .then("alter table s alter a type bigint")
            .rewrites("s")
            .stays_quiet(&RULE);
        sql("create table t ()")
            .makes(T)
            .then("alter table t set unlogged")
            .rewrites("t")
            .then("alter table t set logged")
            .rewrites("t")
            .stays_quiet(&RULE);
    }
}
