//! Rows that an index by cosine does not have.

use crate::model::column::{Column, ColumnValue};
use crate::model::constraint::ConstraintRule;
use crate::model::pgvector::Metric;
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};
use crate::review::vectors;

pub(super) static RULE: Rule = Rule {
    code: "PV24",
    name: "null-or-zero-vector",
    severity: Severity::Warning,
    summary: "a zero vector as default, or an index by cosine on a column that can have one",
    what: "The cosine distance of a zero vector is NaN, and an index by cosine leaves such rows \
            out, as it does rows with NULL: a search through the index returns fewer rows than a \
            scan.",
    waits: "Nobody waits; searches miss rows.",
    safer: "NULL until the row is embedded, WHERE embedding IS NOT NULL in queries, and CHECK \
            (vector_norm(embedding) > 0).",
    bad: "ALTER TABLE docs ADD COLUMN embedding vector(3) NOT NULL DEFAULT '[0,0,0]';",
    good: "ALTER TABLE docs ADD COLUMN embedding vector(3) CHECK (vector_norm(embedding) > 0);",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let zero = it.new_columns().filter(|column| is_zero_default(column)).map(|column| {
        let (name, table) = (&column.name, &column.table);
        let message = format!("the default of column `{name}` of table `{table}` is a zero vector, which no index by cosine has");
        Finding::new(message).about(format!("{table}.{name}")).at(it.mention(name)).safer("NULL until the row is embedded")
    });
    let mut found: Vec<_> = zero.collect();
    let cosine = vectors::created(it)
        .filter(|it| it.opclass().and_then(Metric::of_opclass) == Some(Metric::Cosine));
    let column = cosine
        .as_ref()
        .and_then(|it_index| vectors::key_column(&it_index.index, it_index.key()?, it.after));
    if let Some(column) = column.filter(|column| !has_norm_check(it, column)) {
        let message = format!(
            "rows whose `{}` is NULL or a zero vector are not in an index by cosine",
            column.name
        );
        found.push(
            Finding::new(message)
                .about(format!("{}.{}", column.table, column.name))
                .severity(Severity::Info),
        );
    }
    found
}

fn is_zero_default(column: &Column) -> bool {
    let ColumnValue::Default(text) = &column.value else { return false };
    let literal = text.as_str().split('\'').nth(1).unwrap_or_default();
    let zeros = literal.trim_matches(|it: char| "[] ".contains(it)).split(',');
    vectors::is_embedding(&column.data_type)
        && vectors::literal_dimensions(text.as_str()).is_some()
        && zeros.into_iter().all(|it| it.trim().parse::<f64>().is_ok_and(|it| it == 0.0))
}

fn has_norm_check(it: &Context<'_>, column: &Column) -> bool {
    it.after.constraints(&column.table).any(|constraint| match &constraint.rule {
        ConstraintRule::Check { expression, .. } => expression.as_str().contains("norm("),
        ConstraintRule::PrimaryKey(_) | ConstraintRule::Unique(_) => false,
        ConstraintRule::ForeignKey(_) | ConstraintRule::Exclude { .. } => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::{V, sql};

    fn with(default: &str) -> String {
        format!(
            "[extensions]\nvector = \"*\"\n[tables.t.columns]\nv = {{ type = \"vector(3)\", default = \"'{default}'\" }}\n"
        )
    }

    #[test]
    fn fires() {
        sql("create table t (v vector(3) default '[0,0,0]')")
            .makes(&with("[0,0,0]"))
            .fires(&RULE, "is a zero vector");
        sql("create index i on t using hnsw (v vector_cosine_ops)")
            .has(V)
            .fires(&RULE, "rows whose `v` is NULL or a zero vector");
    }

    #[test]
    fn stays_quiet() {
        sql("create table t (v vector(3) default '[1,0,0]')")
            .makes(&with("[1,0,0]"))
            .stays_quiet(&RULE);
        sql("create index i on t using hnsw (v vector_l2_ops)").has(V).stays_quiet(&RULE);
    }
}
