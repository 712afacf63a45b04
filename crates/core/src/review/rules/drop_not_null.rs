//! DROP NOT NULL.

use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "drop-not-null",
    name: "drop-not-null",
    severity: Severity::Info,
    summary: "DROP NOT NULL lets readers meet NULL",
    what: "Programs that read the column expect a value. Generated code has another type for \
            it.",
    waits: "ACCESS EXCLUSIVE on the table, briefly: reads and writes wait.",
    safer: "Release programs that take NULL first.",
    bad: "ALTER TABLE docs ALTER COLUMN title DROP NOT NULL;",
    good: "ALTER TABLE docs ALTER COLUMN title DROP NOT NULL; -- after the release that reads \
            NULL",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let dropped = it.altered_columns().filter(|(from, to)| from.not_null && !to.not_null);
    let found = dropped.map(|(_, to)| {
        let message =
            format!("readers of column `{}` of table `{}` can meet NULL", to.name, to.table);
        Finding::new(message).about(format!("{}.{}", to.table, to.name)).at(it.mention(&to.name))
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::{T, sql};

    #[test]
    fn fires() {
        sql("alter table t alter id drop not null")
            .has(T)
            .makes("[tables.t.columns]\nid = \"bigint?\"\na = \"integer?\"\nb = \"text?\"\n")
            .fires(&RULE, "readers of column `id` of table `t` can meet NULL");
    }

    #[test]
    fn stays_quiet() {
        sql("alter table t alter id set default 1").has(T).stays_quiet(&RULE);
    }
}
