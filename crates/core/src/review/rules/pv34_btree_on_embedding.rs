//! UNIQUE or btree on a wide vector.

use crate::model::constraint::ConstraintRule;
use crate::model::ident::{Ident, QualifiedName};
use crate::model::object::Object;
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "PV34",
    name: "btree-on-embedding",
    severity: Severity::Warning,
    summary: "UNIQUE, PRIMARY KEY or a btree index on a vector that does not fit into it",
    what: "An entry of a btree has at most 2,704 bytes, about 670 dimensions of vector. CREATE \
            succeeds, and INSERT fails: index row size exceeds btree version 4 maximum 2704.",
    waits: "Nobody waits; writes fail.",
    safer: "UNIQUE on a hash of the vector.",
    bad: "ALTER TABLE docs ADD UNIQUE (embedding); -- vector(1536)",
    good: "CREATE UNIQUE INDEX CONCURRENTLY docs_embedding_key ON docs (md5(embedding::text));",
    grows: false,
    check,
};

/// The largest entry of a btree (`BTMaxItemSize` in the server).
const LARGEST: u64 = 2_704;

fn check(it: &Context<'_>) -> Vec<Finding> {
    let keys = it.creates().flat_map(|object| match object {
        Object::Index(it) if it.method.as_str() == "btree" => it
            .column_names()
            .map(|name| (it.table.clone(), it.name.clone(), name.clone()))
            .collect(),
        Object::Constraint(it) => match &it.rule {
            ConstraintRule::PrimaryKey(key) | ConstraintRule::Unique(key) => key
                .columns
                .iter()
                .map(|name| (it.table.clone(), it.name.clone(), name.clone()))
                .collect(),
            ConstraintRule::ForeignKey(_) | ConstraintRule::Check { .. } => Vec::new(),
            ConstraintRule::Exclude { .. } => Vec::new(),
        },
        _ => Vec::new(),
    });
    let wide = keys.filter(|(table, _, column)| is_wide(it, table, column));
    let found = wide.map(|(table, name, column)| {
        let message = format!(
            "column `{column}` of table `{table}` does not fit into btree `{name}`: INSERT fails"
        );
        Finding::new(message).about(&name).safer("UNIQUE on a hash of the vector")
    });
    found.collect()
}

fn is_wide(it: &Context<'_>, table: &QualifiedName, column: &Ident) -> bool {
    let bytes = it.after.column(table, column).and_then(|column| {
        let element = column.data_type.vector_type()?.element_bytes()?;
        Some(column.data_type.length()? * element + 8)
    });
    bytes.is_some_and(|it| it > LARGEST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::sql;

    fn unique(dimensions: u32) -> String {
        format!(
            "[extensions]\nvector = \"*\"\n[tables.t.columns]\nv = {{ type = \"vector({dimensions})\", unique = true }}\n"
        )
    }

    #[test]
    fn fires() {
        use crate::diff::Change;
        use crate::model::column::Column;
        use crate::model::pg_type::PgType;

        let data_type = PgType::parse("vector(1536)").expect("a type");
        let wide = Column::new(QualifiedName::new("public", "t"), Ident::new("v"), 1, data_type);
        sql("create table t (v vector(1536) unique)")
            .makes(&unique(300))
            .changes(Change::Create(Object::from(wide)))
            .fires(&RULE, "column `v` of table `t` does not fit into btree `t_v_key`");
    }

    #[test]
    fn stays_quiet() {
        sql("create table t (v vector(300) unique)").makes(&unique(300)).stays_quiet(&RULE);
    }
}
