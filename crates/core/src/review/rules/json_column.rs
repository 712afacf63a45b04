//! A column of type json.

use crate::model::base_type::BaseType;
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "json-column",
    name: "json-column",
    severity: Severity::Info,
    summary: "a column of type json",
    what: "json has no equality operator, so DISTINCT, GROUP BY and UNION of existing queries \
            fail once they select the column; it is parsed at every access and has no GIN index.",
    waits: "Nobody waits.",
    safer: "jsonb.",
    bad: "ALTER TABLE docs ADD COLUMN meta json;",
    good: "ALTER TABLE docs ADD COLUMN meta jsonb;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let columns = it.new_columns().filter(|it| it.data_type.plain_base() == Some(BaseType::Json));
    let found = columns.map(|column| {
        let (name, table) = (&column.name, &column.table);
        let message =
            format!("column `{name}` of table `{table}` is json, which has no equality operator");
        Finding::new(message).about(format!("{table}.{name}")).at(it.mention(name)).safer("jsonb")
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::sql;

    #[test]
    fn fires() {
        sql("create table j (x json)")
            .makes("[tables.j.columns]\nx = \"json\"\n")
            .fires(&RULE, "column `x` of table `j` is json");
    }

    #[test]
    fn stays_quiet() {
        sql("create table j (x jsonb)")
            .makes("[tables.j.columns]\nx = \"jsonb\"\n")
            .stays_quiet(&RULE);
    }
}
