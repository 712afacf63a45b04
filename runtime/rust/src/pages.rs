//! Pages of rows, by the position of the last row (keyset pagination).

use std::fmt::Write as _;

use super::columns::ColumnInfo;
use super::conditions::{Cond, and_filter};
use super::errors::Result;
use super::params::Params;
use super::rows::{FromColumns, read};
use super::session::{Session, query};
use super::table::Table;

/// A page of rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T, C> {
    /// The rows.
    pub items: Vec<T>,
    /// The position of the last row, for the next page; `None` on the last page.
    pub next: Option<C>,
}

/// The position of a row in the order of pages.
pub trait Cursor<R>: for<'r> From<&'r R> {
    /// Its values, in the order of [`Table::ORDER`].
    fn values(&self) -> Params<'_>;
}

/// One page: the rows after a position, in the order of the table.
pub async fn page<T: Table, P: Cursor<T::Light>, C: Session>(
    client: &C,
    limit: u32,
    after: Option<&P>,
    filter: Option<&Cond<T>>,
) -> Result<Page<T::Light, P>> {
    let (light, table) = (T::Light::selected(), T::NAME);
    let mut sql = format!("SELECT {light} FROM {table} d WHERE true");
    let mut params = after.map(P::values).unwrap_or_default();
    if after.is_some() {
        let _ = write!(sql, " AND {}", is_after(T::ORDER));
    }
    and_filter(filter, &mut sql, &mut params);
    // One row more than asked for tells whether another page follows.
    let want = i64::from(limit) + 1;
    let (order, n) = (sorted(T::ORDER), params.push(&want));
    let _ = write!(sql, " ORDER BY {order} LIMIT ${n}");
    let rows = query(client, &sql, params.as_slice()).await?;
    let kept = rows.iter().take(limit as usize);
    let items = kept.map(read::<T::Light>).collect::<Result<Vec<_>>>()?;
    let more = rows.len() > items.len();
    let next = items.last().filter(|_| more).map(P::from);
    Ok(Page { items, next })
}

/// `d.created_at DESC, d.id DESC`
fn sorted(order: &[(ColumnInfo, bool)]) -> String {
    let direction = |descending: bool| if descending { " DESC" } else { "" };
    let terms: Vec<String> = order
        .iter()
        .map(|(column, descending)| format!("d.{}{}", column.name, direction(*descending)))
        .collect();
    terms.join(", ")
}

/// The rows after a position: a comparison of rows where all columns go one way, which an index
/// answers as a whole; else column by column.
pub(super) fn is_after(order: &[(ColumnInfo, bool)]) -> String {
    let operator = |descending: bool| if descending { "<" } else { ">" };
    let columns: Vec<String> = order.iter().map(|it| it.0.of("d")).collect();
    let numbered = order.iter().enumerate();
    let values: Vec<String> = numbered.map(|(i, it)| it.0.parameter(i + 1)).collect();
    let one_way = order.windows(2).all(|two| two[0].1 == two[1].1);
    match (order, columns.as_slice(), values.as_slice()) {
        ([(_, down)], [column], [value]) => format!("{column} {} {value}", operator(*down)),
        ([(_, down), ..], columns, values) if one_way => {
            let (columns, values) = (columns.join(", "), values.join(", "));
            format!("({columns}) {} ({values})", operator(*down))
        }
        _ => {
            let choice = |(i, (_, down)): (usize, &(ColumnInfo, bool))| {
                let mut all: Vec<String> = (0..i)
                    .map(|it| format!("{} = {}", columns[it], values[it]))
                    .collect();
                all.push(format!("{} {} {}", columns[i], operator(*down), values[i]));
                all.join(" AND ")
            };
            let choices: Vec<String> = order.iter().enumerate().map(choice).collect();
            format!("({})", choices.join(" OR "))
        }
    }
}
