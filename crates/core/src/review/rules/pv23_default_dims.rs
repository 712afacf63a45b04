//! A default of other dimensions than the column.

use crate::diff::Change;
use crate::model::column::{Column, ColumnValue};
use crate::model::object::Object;
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};
use crate::review::vectors;

pub(super) static RULE: Rule = Rule {
    code: "PV23",
    name: "default-dims",
    severity: Severity::Error,
    summary: "the default of a vector column has other dimensions than the column",
    what: "PostgreSQL does not check it: the statement is accepted, and every INSERT that uses \
            the default fails. A change of the dimensions keeps the old default.",
    waits: "Nobody waits; writes fail.",
    safer: "A default of the dimensions of the column, or none.",
    bad: "CREATE TABLE docs (embedding vector(3) DEFAULT '[0,0]');",
    good: "CREATE TABLE docs (embedding vector(3));",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let columns = it.facts().changes.iter().filter_map(|it| match it {
        Change::Create(Object::Column(it)) | Change::Alter { to: Object::Column(it), .. } => {
            Some(it)
        }
        _ => None,
    });
    let found = columns.filter_map(|column| {
        let (own, default) = (column.data_type.length()?, default_dimensions(column)?);
        let message = format!(
            "the default of column `{}` of table `{}` has {default} dimensions, but the column has {own}",
            column.name, column.table
        );
        let finding = Finding::new(message).about(format!("{}.{}", column.table, column.name));
        (own != default).then(|| finding.at(it.mention(&column.name)).safer("DROP DEFAULT"))
    });
    found.collect()
}

fn default_dimensions(column: &Column) -> Option<u64> {
    match &column.value {
        ColumnValue::Default(text) if vectors::is_embedding(&column.data_type) => {
            vectors::literal_dimensions(text.as_str())
        }
        ColumnValue::Default(_) | ColumnValue::None | ColumnValue::Identity(_) => None,
        ColumnValue::Stored(_) | ColumnValue::Virtual(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::sql;

    fn with(default: &str) -> String {
        format!(
            "[extensions]\nvector = \"*\"\n[tables.t.columns]\nv = {{ type = \"vector(3)\", default = \"'{default}'\" }}\n"
        )
    }

    #[test]
    fn fires() {
        use crate::model::expr::SqlExpr;
        use crate::model::ident::{Ident, QualifiedName};
        use crate::model::pg_type::PgType;

        let data_type = PgType::parse("vector(3)").expect("a type");
        let column = Column::new(QualifiedName::new("public", "t"), Ident::new("v"), 1, data_type);
        let value = ColumnValue::Default(SqlExpr::new("'[0,0]'::vector"));
        let change = Change::Create(Object::from(Column { value, ..column }));
        sql("create table t (v vector(3) default '[0,0]')")
            .changes(change)
            .fires(&RULE, "has 2 dimensions, but the column has 3");
    }

    #[test]
    fn stays_quiet() {
        sql("create table t (v vector(3) default '[0,0,0]')")
            .makes(&with("[0,0,0]"))
            .stays_quiet(&RULE);
    }
}
