//! A vector column without dimensions.

use crate::model::constraint::ConstraintRule;
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};
use crate::review::vectors;

pub(super) static RULE: Rule = Rule {
    code: "PV22",
    name: "mixed-dims-column",
    severity: Severity::Warning,
    summary: "a vector column without dimensions and without a CHECK of them",
    what: "Rows can have any dimensions. A distance between two of different dimensions fails, \
            and the column cannot be indexed without a cast.",
    waits: "Nobody waits.",
    safer: "vector(n); or a CHECK of vector_dims, and a partial expression index for each model.",
    bad: "CREATE TABLE docs (embedding vector);",
    good: "CREATE TABLE docs (embedding vector(1536));",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let columns = it.new_columns().filter(|column| {
        vectors::is_embedding(&column.data_type) && column.data_type.length().is_none()
    });
    let checked = |column: &crate::model::column::Column| {
        it.after.constraints(&column.table).any(|constraint| match &constraint.rule {
            ConstraintRule::Check { expression, .. } => {
                expression.as_str().contains("dims")
                    && expression.as_str().contains(column.name.as_str())
            }
            ConstraintRule::PrimaryKey(_) | ConstraintRule::Unique(_) => false,
            ConstraintRule::ForeignKey(_) | ConstraintRule::Exclude { .. } => false,
        })
    };
    let found = columns.filter(|column| !checked(column)).map(|column| {
        let (name, table) = (&column.name, &column.table);
        let message =
            format!("column `{name}` of table `{table}` is {} of any dimensions", column.data_type);
        Finding::new(message)
            .about(format!("{table}.{name}"))
            .at(it.mention(name))
            .safer("declare the dimensions")
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::sql;

    const UNTYPED: &str =
        "[extensions]\nvector = \"*\"\n[tables.t.columns]\nid = \"bigint\"\nv = \"vector?\"\n";
    const CHECKED: &str = "[extensions]\nvector = \"*\"\n[tables.t.columns]\nid = \"bigint\"\nv = \"vector?\"\n[tables.t.checks]\nk = \"vector_dims(v) = 3\"\n";

    #[test]
    fn fires() {
        sql("create table t (v vector)")
            .makes(UNTYPED)
            .fires(&RULE, "column `v` of table `t` is vector of any dimensions");
    }

    #[test]
    fn stays_quiet() {
        sql("create table t (v vector check (vector_dims(v) = 3))")
            .makes(CHECKED)
            .stays_quiet(&RULE);
    }
}
