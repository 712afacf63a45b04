//! A declaration of many tables, for measuring how things grow: 12 columns, a primary key, 5 indexes
//! one of them HNSW, one foreign key and one check each.

use aludel::diff::diff;
use aludel::model::declared::Hints;
use aludel::model::snapshot::Snapshot;
use aludel::plan::{Plan, PlanOptions, plan};
use aludel::workspace::fresh;

/// The declaration of so many tables, as `schema.toml`.
pub(crate) fn declaration(tables: usize) -> String {
    let mut text = "[extensions]\nvector = \"*\"\n".to_owned();
    for number in 0..tables {
        text.push_str(&table(number));
    }
    text
}

/// Each table references the one before it; the first one references itself.
fn table(number: usize) -> String {
    let (name, before) = (format!("t{number:05}"), format!("t{:05}", number.saturating_sub(1)));
    format!(
        r#"
[tables.{name}]
primary_key = ["id"]

[tables.{name}.columns]
id         = {{ type = "bigint", identity = "always" }}
parent_id  = {{ type = "bigint?", references = "{before}.id", on_delete = "cascade" }}
title      = "text"
body       = "text?"
status     = {{ type = "varchar(30)", default = "'draft'" }}
score      = "numeric(10,2)?"
count      = {{ type = "integer", default = 0 }}
active     = {{ type = "boolean", default = true }}
tags       = "text[]?"
metadata   = {{ type = "jsonb", default = "'{{}}'" }}
embedding  = "vector(64)?"
created_at = {{ type = "timestamptz", default = "now()" }}

[tables.{name}.checks]
{name}_count_check = "count >= 0"

[tables.{name}.indexes]
{name}_parent_idx = ["parent_id"]
{name}_created_idx = [{{ name = "created_at", order = "desc" }}, "status"]
{name}_title_idx = {{ columns = [{{ expression = "lower(title)" }}], where = "active" }}
{name}_metadata_idx = {{ method = "gin", columns = ["metadata"] }}

[tables.{name}.indexes.{name}_embedding_idx]
method = "hnsw"
columns = [{{ name = "embedding", metric = "cosine" }}]
with = {{ m = 16, ef_construction = 64 }}
"#
    )
}

/// What creates a schema in an empty database.
pub(crate) fn creation(to: &Snapshot) -> Plan {
    let from = fresh();
    let changes = diff(&from.schema, &to.schema);
    let options = PlanOptions { online: true };
    plan(&from, to, &changes, &Hints::default(), options).expect("creating asks for no decision")
}
