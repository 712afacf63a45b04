//! A column of a type that the manual advises against.

use crate::model::base_type::BaseType;
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "old-type",
    name: "old-type",
    severity: Severity::Info,
    summary: "a column of type char(n), varchar(n), timestamp or money",
    what: "char(n) pads with blanks; the limit of varchar(n) can be lowered only by a rewrite; \
            timestamp without time zone is not an instant; money depends on lc_monetary.",
    waits: "Nobody waits.",
    safer: "text with a CHECK, timestamptz, numeric.",
    bad: "CREATE TABLE docs (made timestamp, code char(3), price money);",
    good: "CREATE TABLE docs (made timestamptz, code text CHECK (length(code) = 3), price \
            numeric);",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let found = it.new_columns().filter_map(|column| {
        let better = better(column.data_type.base()?, column.data_type.modifier.is_some())?;
        let (name, table) = (&column.name, &column.table);
        let message = format!("column `{name}` of table `{table}` is {}", column.data_type);
        let finding = Finding::new(message).about(format!("{table}.{name}"));
        Some(finding.at(it.mention(name)).safer(better))
    });
    found.collect()
}

fn better(base: BaseType, limited: bool) -> Option<&'static str> {
    match base {
        BaseType::Character => Some("text with a CHECK of its length"),
        BaseType::Varchar if limited => Some("text with a CHECK of its length"),
        BaseType::Timestamp => Some("timestamptz"),
        BaseType::Timetz => Some("time, or timestamptz"),
        BaseType::Money => Some("numeric"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::sql;

    #[test]
    fn fires() {
        sql("create table k (x timestamp)")
            .makes("[tables.k.columns]\nx = \"timestamp\"\n")
            .fires(&RULE, "is timestamp without time zone");
    }

    #[test]
    fn stays_quiet() {
        sql("create table k (x varchar)")
            .makes("[tables.k.columns]\nx = \"varchar\"\n")
            .stays_quiet(&RULE);
    }
}
