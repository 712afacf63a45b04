//! Pages of rows, by the position of the last row (keyset pagination).

use std::fmt::Write as _;

use super::conditions::{Cond, and_filter};
use super::errors::Result;
use super::params::Params;
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

/// One page: the rows after a position, in an order in which no two rows are equal.
pub async fn page<'a, T: Table, C: Session, K>(
    client: &C,
    (after, mut params): (&str, Params<'a>),
    order: &str,
    limit: u32,
    filter: Option<&'a Cond<T>>,
) -> Result<Page<T::Light, K>>
where
    K: for<'r> From<&'r T::Light>,
{
    let (light, table) = (T::LIGHT, T::NAME);
    let mut sql = format!("SELECT {light} FROM {table} d WHERE true{after}");
    and_filter(filter, &mut sql, &mut params);
    // One row more than asked for tells whether another page follows.
    let want = i64::from(limit) + 1;
    let n = params.0.len() + 1;
    let _ = write!(sql, " ORDER BY {order} LIMIT ${n}");
    let mut values = params.0;
    values.push(&want);
    let rows = query(client, &sql, &values).await?;
    let kept = rows.iter().take(limit as usize);
    let items = kept.map(T::light).collect::<Result<Vec<_>>>()?;
    let more = rows.len() > items.len();
    let next = items.last().filter(|_| more).map(K::from);
    Ok(Page { items, next })
}
