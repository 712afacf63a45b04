//! timestamp to timestamptz without a time zone.

use crate::model::base_type::BaseType;
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "timestamp-zone",
    name: "G9",
    severity: Severity::Error,
    summary: "a change between timestamp and timestamptz depends on TimeZone",
    what: "Stored values are read as times in the time zone of the session. If it is UTC \
            nothing is rewritten; otherwise every row is, and every instant is shifted by the \
            zone of whoever runs the statement.",
    waits: "ACCESS EXCLUSIVE on the table, for the duration of a rewrite unless TimeZone is UTC.",
    safer: "SET LOCAL timezone = 'UTC' directly before, if the values are in UTC, or USING \
            column AT TIME ZONE 'zone'.",
    bad: "ALTER TABLE docs ALTER COLUMN made TYPE timestamptz;",
    good: "SET LOCAL timezone = 'UTC';\n\
            ALTER TABLE docs ALTER COLUMN made TYPE timestamptz;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let said = it.words().contains(&"using") || it.setting("timezone").is_some();
    let retyped = it.altered_columns().filter(|(from, to)| {
        let bases = (from.data_type.plain_base(), to.data_type.plain_base());
        matches!(
            bases,
            (Some(BaseType::Timestamp), Some(BaseType::Timestamptz))
                | (Some(BaseType::Timestamptz), Some(BaseType::Timestamp))
        )
    });
    let found = retyped.filter(|_| !said).map(|(from, to)| {
        let message = format!(
            "changing column `{}` from {} to {} shifts its values by the TimeZone of the session",
            to.name, from.data_type, to.data_type
        );
        let finding = Finding::new(message).about(format!("{}.{}", to.table, to.name));
        finding.at(it.mention(&to.name)).safer("SET LOCAL timezone = 'UTC'")
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::sql;

    const BEFORE: &str = "[tables.t.columns]\nts = \"timestamp\"\n";
    const AFTER: &str = "[tables.t.columns]\nts = \"timestamptz\"\n";

    #[test]
    fn fires() {
        sql("alter table t alter ts type timestamptz")
            .has(BEFORE)
            .makes(AFTER)
            .fires(&RULE, "by the TimeZone of the session");
    }

    #[test]
    fn stays_quiet() {
        sql("set local timezone = 'UTC'")
            .has(BEFORE)
            .then("alter table t alter ts type timestamptz")
            .makes(AFTER)
            .stays_quiet(&RULE);
    }
}
