//! STORAGE PLAIN of a wide vector.

use crate::diff::Change;
use crate::model::column::{Column, Storage};
use crate::model::object::Object;
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "PV33",
    name: "wide-plain-storage",
    severity: Severity::Warning,
    summary: "STORAGE PLAIN of a vector that does not fit into a page",
    what: "PLAIN keeps the value in the row, and a row has to fit into a page of 8 kB: above \
            about 2,000 dimensions of vector every INSERT fails: row is too big.",
    waits: "ACCESS EXCLUSIVE on the table, briefly.",
    safer: "STORAGE EXTERNAL, the default of pgvector.",
    bad: "ALTER TABLE docs ALTER COLUMN embedding SET STORAGE PLAIN; -- vector(3072)",
    good: "ALTER TABLE docs ALTER COLUMN embedding SET STORAGE EXTERNAL;",
    grows: false,
    check,
};

/// The bytes of a value that still fit into a page beside the rest of a row.
const FITS: u64 = 8_100;

fn check(it: &Context<'_>) -> Vec<Finding> {
    let columns = it.facts().changes.iter().filter_map(|it| match it {
        Change::Create(Object::Column(it)) | Change::Alter { to: Object::Column(it), .. } => {
            Some(it)
        }
        _ => None,
    });
    let wide = columns
        .filter(|it| it.storage == Some(Storage::Plain) && bytes(it).is_some_and(|it| it > FITS));
    let found = wide.map(|column| {
        let (name, table) = (&column.name, &column.table);
        let message = format!("column `{name}` of table `{table}` is {}, which does not fit into a page with STORAGE PLAIN", column.data_type);
        Finding::new(message).about(format!("{table}.{name}")).at(it.mention(name)).safer("STORAGE EXTERNAL")
    });
    found.collect()
}

fn bytes(column: &Column) -> Option<u64> {
    let element = column.data_type.vector_type()?.element_bytes()?;
    Some(column.data_type.length()? * element + 8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::sql;

    fn plain(dimensions: u32) -> String {
        format!(
            "[extensions]\nvector = \"*\"\n[tables.t.columns]\nv = {{ type = \"vector({dimensions})\", storage = \"plain\" }}\n"
        )
    }

    #[test]
    fn fires() {
        sql("alter table t alter v set storage plain")
            .makes(&plain(3072))
            .fires(&RULE, "which does not fit into a page with STORAGE PLAIN");
    }

    #[test]
    fn stays_quiet() {
        sql("alter table t alter v set storage plain").makes(&plain(1536)).stays_quiet(&RULE);
    }
}
