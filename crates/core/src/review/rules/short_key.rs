//! A key of a short integer.

use crate::model::base_type::BaseType;
use crate::model::column::{Column, ColumnValue};
use crate::model::constraint::{Constraint, ConstraintRule};
use crate::model::object::Object;
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "short-key",
    name: "short-key",
    severity: Severity::Warning,
    summary: "a primary key or sequence of type integer or smallint",
    what: "The numbers end at 2,147,483,647, and also ids that a failed transaction used are \
            gone. Then every INSERT fails, and the change to bigint rewrites the table.",
    waits: "Nobody waits now.",
    safer: "bigint.",
    bad: "CREATE TABLE docs (id serial PRIMARY KEY);",
    good: "CREATE TABLE docs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let short = it.new_columns().filter(|it| {
        matches!(it.data_type.plain_base(), Some(BaseType::Smallint | BaseType::Integer))
    });
    // The type of a partition is that of its parent.
    let is_partition =
        |table| it.file.after.schema.table(table).is_some_and(|it| it.partition_of.is_some());
    let short = short.filter(|column| !is_partition(&column.table));
    let found = short.filter(|column| is_numbered(column) || is_key(it, column)).map(|column| {
        let (name, table) = (&column.name, &column.table);
        let message =
            format!("key `{name}` of table `{table}` is {}: its numbers run out", column.data_type);
        Finding::new(message).about(format!("{table}.{name}")).at(it.mention(name)).safer("bigint")
    });
    found.collect()
}

fn is_numbered(column: &Column) -> bool {
    match &column.value {
        ColumnValue::Identity(_) => true,
        ColumnValue::Default(text) => text.as_str().contains("nextval("),
        ColumnValue::None | ColumnValue::Stored(_) | ColumnValue::Virtual(_) => false,
    }
}

/// Whether the column alone is a new primary key, and no foreign key, whose type another table decides.
fn is_key(it: &Context<'_>, column: &Column) -> bool {
    let mine = || {
        it.creates().filter_map(|it| match it {
            Object::Constraint(it) if it.table == column.table => Some(it),
            _ => None,
        })
    };
    let alone = |it: &Constraint| matches!(&it.rule, ConstraintRule::PrimaryKey(key) if key.columns == [column.name.clone()]);
    let references = |it: &Constraint| matches!(&it.rule, ConstraintRule::ForeignKey(key) if key.columns.contains(&column.name));
    mine().any(alone) && !mine().any(references)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::sql;

    #[test]
    fn fires() {
        sql("create table k (id int primary key)")
            .makes("[tables.k]\nprimary_key = [\"id\"]\n[tables.k.columns]\nid = \"integer\"\n")
            .fires(&RULE, "key `id` of table `k` is integer: its numbers run out");
    }

    #[test]
    fn stays_quiet() {
        sql("create table k (id bigint primary key, n int)")
            .makes("[tables.k]\nprimary_key = [\"id\"]\n[tables.k.columns]\nid = \"bigint\"\nn = \"integer\"\n")
            .stays_quiet(&RULE);
        let key =
            "[tables.t]\npartition_by = \"range (id)\"\n[tables.t.columns]\nid = \"integer\"\n";
        let apart = format!(
            "{key}[tables.k]\nprimary_key = [\"id\"]\n[tables.k.columns]\nid = \"integer\"\n"
        );
        sql("create table k (id int primary key)")
            .has(key)
            .makes(&apart)
            .then("alter table t attach partition k for values from (0) to (9)")
            .makes(&format!("{key}[tables.k]\npartition_of = \"t\"\nvalues = \"from (0) to (9)\"\nprimary_key = [\"id\"]\n"))
            .stays_quiet(&RULE);
    }
}
