//! ALTER COLUMN TYPE that writes every row again.

use crate::model::column::Column;
use crate::plan::LockLevel;
use crate::review::context::{Context, parse_name};
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "alter-type",
    name: "alter-type",
    severity: Severity::Error,
    summary: "ALTER COLUMN TYPE rewrites the table",
    what: "The values are converted, and the table and all its indexes are rewritten. Only \
            a few changes are free: varchar(n) to a longer one or to text, numeric(p,s) to a \
            higher precision of the same scale, timestamp to timestamptz in UTC.",
    waits: "ACCESS EXCLUSIVE on the table for the duration of the rewrite: reads and writes \
            wait.",
    safer: "A second column beside the old one, filled by a trigger and in batches, then swapped \
            (on_change = \"expand\" in schema.toml).",
    bad: "ALTER TABLE docs ALTER COLUMN id TYPE bigint;",
    good: "ALTER TABLE docs ADD COLUMN id_new bigint;\n\
            -- aludel: batches by id, 5000 rows\n\
            UPDATE docs SET id_new = id WHERE id_new IS NULL;",
    grows: true,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let retyped = it
        .altered_columns()
        .filter(|(from, to)| from.data_type != to.data_type && it.rewrites(&to.table));
    let found: Vec<_> = retyped.map(|(from, to)| finding(it, from, to)).collect();
    if !found.is_empty() || !it.retypes() {
        return found;
    }
    // USING can compute other values of the same type.
    let tables = it.facts().rewritten.iter().filter(|table| !it.is_new(&parse_name(table)));
    let same = tables.map(|table| {
        let held = it.held(table, LockLevel::AccessExclusive);
        let message =
            format!("ALTER COLUMN TYPE … USING rewrites table `{table}` while it holds {held}");
        let finding = Finding::new(message).about(table).grows_with(table);
        finding.at(it.place(&["type"])).safer("UPDATE in batches")
    });
    same.collect()
}

fn finding(it: &Context<'_>, from: &Column, to: &Column) -> Finding {
    let held = it.held(&to.table, LockLevel::AccessExclusive);
    let (name, table) = (&to.name, &to.table);
    let message = format!(
        "changing column `{name}` from {} to {} rewrites table `{table}` while it holds {held}",
        from.data_type, to.data_type
    );
    let finding = Finding::new(message).about(format!("{table}.{name}")).grows_with(table);
    finding.at(it.mention(name)).safer("a second column, UPDATE in batches, then swap the names")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::{P, T, sql};

    const WIDE: &str = "[tables.t.columns]\nid = \"bigint\"\na = \"bigint?\"\nb = \"text?\"\n";

    #[test]
    fn fires() {
        sql("alter table t alter a type bigint")
            .has(T)
            .locks(LockLevel::AccessExclusive, "t")
            .rewrites("t")
            .makes(WIDE)
            .fires(&RULE, "changing column `a` from integer to bigint rewrites table `t`");
        sql("alter table t alter a type bigint")
            .has(P)
            .locks(LockLevel::AccessExclusive, "t")
            .rewrites("p")
            .makes(&P.replace("integer", "bigint"))
            .fires_once(&RULE, "changing column `a` from integer to bigint rewrites table `t`");
        sql("alter table t alter b type text using upper(b)")
            .has(T)
            .locks(LockLevel::AccessExclusive, "t")
            .rewrites("t")
            .fires(&RULE, "ALTER COLUMN TYPE … USING rewrites table `t` while it holds ACCESS");
    }

    #[test]
    fn stays_quiet() {
        sql("alter table t alter a type bigint")
            .has(T)
            .locks(LockLevel::AccessExclusive, "t")
            .makes(WIDE)
            .stays_quiet(&RULE);
    }
}
