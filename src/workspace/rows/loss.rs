//! Data lost by a script: the values of tables before and after it, compared as text.

use std::collections::BTreeMap;

use tokio_postgres::types::{Oid, Type};
use tokio_postgres::{Client, Error};

use crate::connection::Connection;
use crate::model::ident::without_public;
use crate::render::literal;
use crate::revision::loss::Loss;

use super::fill::{ASKS_FOR_INPUT, texts};

/// Values that are gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeasuredLoss {
    /// The table as it was called.
    pub table: String,
    /// The column as it was called; None where it is whole rows.
    pub column: Option<String>,
    /// In which way.
    pub way: Way,
    /// How many values or rows.
    pub lost: usize,
    /// Of how many.
    pub of: usize,
}

/// Whether values are read in an open transaction, which a refused query must not break.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::workspace) enum Within {
    /// They are.
    Transaction,
    /// Each query by itself.
    Nothing,
}

impl Within {
    async fn begin(self, client: &Client) -> Result<(), Error> {
        match self {
            Self::Transaction => client.batch_execute("SAVEPOINT aludel_lost").await,
            Self::Nothing => Ok(()),
        }
    }

    async fn undo(self, client: &Client) -> Result<(), Error> {
        match self {
            Self::Transaction => client.batch_execute("ROLLBACK TO aludel_lost").await,
            Self::Nothing => Ok(()),
        }
    }
}

impl MeasuredLoss {
    /// What is lost, as the header `Allows` has it.
    #[must_use]
    pub fn loss(&self) -> Loss {
        let table = without_public(&self.table);
        match (&self.column, self.way) {
            (Some(column), Way::Dropped) => {
                Loss::of_object(format_args!("column {table}.{column}"))
            }
            (Some(column), Way::Deleted | Way::Changed) => {
                Loss::of_values(format_args!("{table}.{column}"))
            }
            (None, Way::Dropped) => Loss::of_object(format_args!("table {table}")),
            (None, Way::Deleted | Way::Changed) => Loss::of_rows(table),
        }
    }
}

/// In which way values are lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// The table or the column is gone.
    Dropped,
    /// Rows of the table are gone.
    Deleted,
    /// Values are others than before.
    Changed,
}

/// The values of tables.
#[derive(Debug, Clone, Default)]
pub(in crate::workspace) struct Tally(BTreeMap<Oid, Values>);

#[derive(Debug, Clone)]
struct Values {
    name: String,
    columns: BTreeMap<i16, Field>,
    rows: usize,
}

#[derive(Debug, Clone)]
struct Field {
    name: String,
    type_name: String,
    values: Vec<String>,
}

impl Tally {
    /// The values that tables have now.
    pub(in crate::workspace) async fn take(
        client: &Connection,
        tables: &[Oid],
    ) -> Result<Self, Error> {
        let mut all = present(client, tables).await?;
        for values in all.values_mut() {
            let columns = values.columns.values().map(Field::shown).collect();
            let (rows, read) = read(client, &values.name, columns).await?;
            values.rows = rows;
            values.columns.values_mut().zip(read).for_each(|(it, read)| it.values = read);
        }
        Ok(Self(all))
    }

    /// The values of some tables among them.
    pub(in crate::workspace) fn part(&self, wanted: impl Fn(Oid) -> bool) -> Self {
        let part = self.0.iter().filter(|(oid, _)| wanted(**oid));
        Self(part.map(|(oid, it)| (*oid, it.clone())).collect())
    }

    /// The tables.
    pub(in crate::workspace) fn tables(&self) -> Vec<Oid> {
        self.0.keys().copied().collect()
    }

    /// Takes in what some tables have by now; what is no longer there is forgotten.
    pub(in crate::workspace) fn renew(&mut self, tables: &[Oid], now: Self) {
        self.0.retain(|oid, _| !tables.contains(oid));
        self.0.extend(now.0);
    }

    /// What is gone since then.
    pub(in crate::workspace) async fn losses(
        &self,
        client: &Connection,
        within: Within,
    ) -> Result<Vec<MeasuredLoss>, Error> {
        let tables: Vec<Oid> = self.0.keys().copied().collect();
        let now = present(client, &tables).await?;
        let mut losses = Vec::new();
        for (oid, before) in &self.0 {
            match now.get(oid) {
                Some(after) => losses.extend(before.lost_in(client, after, within).await?),
                None if before.rows > 0 => {
                    losses.push(before.loss(None, Way::Dropped, before.rows));
                }
                None => {}
            }
        }
        Ok(losses)
    }
}

impl Values {
    /// A loss of this table, or of one of its columns.
    fn loss(&self, column: Option<&Field>, way: Way, lost: usize) -> MeasuredLoss {
        let of = column.map_or(self.rows, |it| it.values.len());
        MeasuredLoss {
            table: self.name.clone(),
            column: column.map(|it| it.name.clone()),
            way,
            lost,
            of,
        }
    }

    /// What is gone of a table that is still there.
    async fn lost_in(
        &self,
        client: &Connection,
        after: &Self,
        within: Within,
    ) -> Result<Vec<MeasuredLoss>, Error> {
        let asks = client.major_version().is_some_and(|it| it >= ASKS_FOR_INPUT);
        let pairs: Vec<(&Field, Option<&Field>)> =
            self.columns.iter().map(|(at, it)| (it, after.counterpart(*at, it))).collect();
        let given = |expression: &dyn Fn(&Field, &Field) -> String| {
            let one = |(old, new): &(&Field, Option<&Field>)| {
                new.map_or_else(|| "NULL".to_owned(), |it| expression(old, it))
            };
            pairs.iter().map(one).collect()
        };
        let as_before = given(&|old, new| as_before(old, new, asks));
        let (mut as_text, as_it_is): (fn(&str) -> &str, _) = (|it| it, given(&|_, it| it.shown()));
        within.begin(client).await?;
        let (rows, now) = match read(client, &after.name, as_before).await {
            // What its old type does not read any more is compared as it is, but for the digits that
            // say nothing.
            Err(error) if error.as_db_error().is_some() => {
                within.undo(client).await?;
                as_text = without_zeros;
                read(client, &after.name, as_it_is).await?
            }
            read => read?,
        };
        let deleted = self.rows.saturating_sub(rows);
        let mut losses = Vec::new();
        if deleted > 0 {
            losses.push(self.loss(None, Way::Deleted, deleted));
        }
        for ((old, new), values) in pairs.into_iter().zip(now) {
            let way = if new.is_some() { Way::Changed } else { Way::Dropped };
            let mut lost = missing(&old.values, &values, as_text);
            if let Some(new) = new.filter(|it| lost > 0 && it.type_name != old.type_name) {
                lost = lost.min(lost_in_cast(client, &after.name, (old, new), within).await?);
            }
            // The values of rows that are gone are gone with them.
            if lost > 0 && (deleted == 0 || new.is_none()) {
                losses.push(self.loss(Some(old), way, lost));
            }
        }
        Ok(losses)
    }

    /// What a column has become: the same one, whatever it is called, or one that took its name.
    fn counterpart(&self, number: i16, field: &Field) -> Option<&Field> {
        let named = || self.columns.values().find(|it| it.name == field.name);
        self.columns.get(&number).or_else(named)
    }
}

impl Field {
    /// Its value as text. The blanks at the end of a `character` are none of it (manual, 8.3).
    fn shown(&self) -> String {
        match self.type_name.starts_with("character(") {
            true => format!("{}::text", self.name),
            false => self.name.clone(),
        }
    }
}

/// How many values are not as before where they are cast back: another type may only write them otherwise.
async fn lost_in_cast(
    client: &Client,
    table: &str,
    (old, new): (&Field, &Field),
    within: Within,
) -> Result<usize, Error> {
    within.begin(client).await?;
    let cast = format!("{}::{}::text", new.name, old.type_name);
    match read(client, table, vec![cast]).await {
        Ok((_, values)) => Ok(missing(&old.values, &values.concat(), |it| it)),
        Err(error) if error.as_db_error().is_some() => {
            within.undo(client).await?;
            Ok(usize::MAX)
        }
        Err(error) => Err(error),
    }
}

/// A value as its column was before, so that only what its new type cannot hold differs.
fn as_before(old: &Field, new: &Field, asks: bool) -> String {
    let (name, type_name) = (&new.name, &old.type_name);
    match (old.type_name == new.type_name, asks) {
        (true, _) => new.shown(),
        (false, false) => format!("{name}::text::{type_name}"),
        (false, true) => format!(
            "CASE WHEN pg_catalog.pg_input_is_valid({name}::text, {}) \
             THEN {name}::text::{type_name}::text ELSE {name}::text END",
            literal(type_name)
        ),
    }
}

/// The tables that are there, without their values.
async fn present(client: &Client, tables: &[Oid]) -> Result<BTreeMap<Oid, Values>, Error> {
    let sql = include_str!("queries/present.sql");
    let mut all: BTreeMap<Oid, Values> = BTreeMap::new();
    for row in client.query_typed(sql, &[(&tables, Type::OID_ARRAY)]).await? {
        let values = all.entry(row.get("table")).or_insert_with(|| Values {
            name: row.get("name"),
            columns: BTreeMap::new(),
            rows: 0,
        });
        if let Some(number) = row.get::<_, Option<i16>>("number") {
            let (name, type_name) = (row.get("column"), row.get("type_name"));
            values.columns.insert(number, Field { name, type_name, values: Vec::new() });
        }
    }
    Ok(all)
}

/// How many rows a table has, and what expressions give in each of them, NULL left out.
async fn read(
    client: &Client,
    table: &str,
    expressions: Vec<String>,
) -> Result<(usize, Vec<Vec<String>>), Error> {
    let mut columns = vec![Vec::new(); expressions.len()];
    let sql = format!("SELECT {} FROM ONLY {table}", expressions.join(", "));
    let rows = texts(client.simple_query(&sql).await?);
    let count = rows.len();
    for row in rows {
        for (column, value) in columns.iter_mut().zip(row) {
            column.extend(value);
        }
    }
    Ok((count, columns))
}

/// How many of these are not among those, each counted as often as it is there.
fn missing(these: &[String], those: &[String], as_text: fn(&str) -> &str) -> usize {
    let mut left: BTreeMap<&str, usize> = BTreeMap::new();
    for it in those {
        *left.entry(as_text(it)).or_default() += 1;
    }
    let is_missing = |it: &&String| match left.get_mut(as_text(it)) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    };
    these.iter().filter(is_missing).count()
}

/// A number without zeros at the end of its decimals; any other text as it is.
fn without_zeros(text: &str) -> &str {
    let is_number = text.bytes().all(|it| it.is_ascii_digit() || matches!(it, b'.' | b'-'));
    match is_number && text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.'),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::{missing, without_zeros};

    #[track_caller]
    fn check(these: &[&str], those: &[&str], expected: usize) {
        let texts = |all: &[&str]| all.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(missing(&texts(these), &texts(those), without_zeros), expected);
    }

    #[test]
    fn values_are_counted_as_often_as_they_are_there() {
        check(&["a", "b", "a"], &["a", "b", "c"], 1);
        check(&[], &["a"], 0);
        check(&["a"], &[], 1);
        check(&["1.50", "0.00", "100", "-2.25"], &["1.5", "0", "1", "-2.3"], 2);
    }
}
