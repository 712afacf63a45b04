//! How many rows and values tables have: of real rows, which are too many to be kept, only that is compared.

use std::collections::BTreeMap;

use tokio_postgres::types::{Oid, Type};
use tokio_postgres::{Client, Error};

use crate::model::ident::{Ident, without_public};

/// How many rows and values each table has.
#[derive(Debug, Clone, Default)]
pub(super) struct Counts(BTreeMap<Oid, Counted>);

#[derive(Debug, Clone)]
struct Counted {
    name: String,
    rows: i64,
    /// How many rows have a value in each column.
    values: BTreeMap<String, i64>,
}

impl Counts {
    /// Counts what some tables have.
    pub(super) async fn take(client: &Client, tables: &[Oid]) -> Result<Self, Error> {
        let sql = include_str!("queries/columns.sql");
        let mut counts = Self::default();
        for row in client.query_typed(sql, &[(&tables, Type::OID_ARRAY)]).await? {
            let (name, columns): (String, Vec<String>) = (row.get("name"), row.get("columns"));
            let counted: Vec<String> =
                columns.iter().map(|it| format!(", count({})", Ident::new(it.as_str()))).collect();
            let sql = format!("SELECT count(*) {} FROM ONLY {name}", counted.concat());
            let found = client.query_one(&sql, &[]).await?;
            let values = columns.into_iter().enumerate().map(|(at, it)| (it, found.get(at + 1)));
            let (rows, values) = (found.get(0), values.collect());
            let name = without_public(&name).to_owned();
            counts.0.insert(row.get("table"), Counted { name, rows, values });
        }
        Ok(counts)
    }

    /// The tables that were counted.
    pub(super) fn tables(&self) -> Vec<Oid> {
        self.0.keys().copied().collect()
    }

    /// Those that may have changed.
    pub(super) fn part(&self, wanted: impl Fn(Oid) -> bool) -> Self {
        let part = self.0.iter().filter(|(oid, _)| wanted(**oid));
        Self(part.map(|(oid, it)| (*oid, it.clone())).collect())
    }

    /// Takes in what some tables have by now.
    pub(super) fn renew(&mut self, tables: &[Oid], now: Self) {
        self.0.retain(|oid, _| !tables.contains(oid));
        self.0.extend(now.0);
    }

    /// What is fewer now.
    pub(super) fn losses(&self, now: &Self) -> Vec<String> {
        let lost = self.0.iter().flat_map(|(oid, before)| before.lost(now.0.get(oid)));
        lost.collect()
    }
}

impl Counted {
    fn lost(&self, now: Option<&Self>) -> Vec<String> {
        let name = &self.name;
        let Some(now) = now else {
            let dropped = (self.rows > 0).then(|| format!("table {name} ({} rows)", self.rows));
            return dropped.into_iter().collect();
        };
        if now.rows < self.rows {
            return vec![format!("rows of {name} ({})", self.rows - now.rows)];
        }
        let fewer = self.values.iter().filter_map(|(column, before)| {
            let lost = before - now.values.get(column).copied().unwrap_or(0);
            // One that has another name has as many values.
            let renamed = !now.values.contains_key(column)
                && now
                    .values
                    .iter()
                    .any(|(it, count)| !self.values.contains_key(it) && count == before);
            (lost > 0 && !renamed).then(|| format!("column {name}.{column} ({lost} values)"))
        });
        fewer.collect()
    }
}
