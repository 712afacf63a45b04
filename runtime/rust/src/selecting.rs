//! Rows in an order of the caller's choice, at once or one by one.

use std::fmt::Write as _;
use std::marker::PhantomData;

use futures_util::{Stream, StreamExt as _};

use super::conditions::{Column, Cond, and_filter};
use super::errors::Result;
use super::params::Params;
use super::rows::{FromColumns as _, read};
use super::session::{Session, query, streamed};
use super::table::Table;

/// A column to sort by.
#[derive(Debug)]
pub struct Sort<R> {
    column: &'static str,
    order: &'static str,
    of: PhantomData<fn() -> R>,
}

impl<R, T, N> Column<R, T, N> {
    /// The smallest value first, NULL last.
    pub fn asc(self) -> Sort<R> {
        self.sorted("")
    }
    /// The largest value first, NULL first.
    pub fn desc(self) -> Sort<R> {
        self.sorted(" DESC")
    }
    /// The largest value first, NULL last.
    pub fn desc_nulls_last(self) -> Sort<R> {
        self.sorted(" DESC NULLS LAST")
    }
    fn sorted(self, order: &'static str) -> Sort<R> {
        Sort {
            column: self.name(),
            order,
            of: PhantomData,
        }
    }
}

/// The first rows in an order, after as many as `offset` says. They are all read, so for many pages
/// use `list_page` of the table.
pub async fn sorted<T: Table, C: Session>(
    client: &C,
    order: &[Sort<T>],
    (limit, offset): (u32, u32),
    filter: Option<&Cond<T>>,
) -> Result<Vec<T::Light>> {
    let (mut sql, mut params) = select(order, filter);
    let (limit, offset) = (i64::from(limit), i64::from(offset));
    let numbers = (params.push(&limit), params.push(&offset));
    let _ = write!(sql, " LIMIT ${} OFFSET ${}", numbers.0, numbers.1);
    let rows = query(client, &sql, params.as_slice()).await?;
    rows.iter().map(read::<T::Light>).collect()
}

/// All rows in an order, one by one as they come: memory has few of them at a time. The connection is
/// busy until the last one or until the stream is dropped, when the server still sends the rest.
pub async fn stream<T: Table, C: Session>(
    client: &C,
    order: &[Sort<T>],
    filter: Option<&Cond<T>>,
) -> Result<impl Stream<Item = Result<T::Light>> + Send + Unpin + use<T, C>> {
    let (sql, params) = select(order, filter);
    let rows = streamed(client, &sql, params.as_slice()).await?;
    Ok(Box::pin(rows.map(|row| read::<T::Light>(&row?))))
}

pub(super) fn select<'a, T: Table>(
    order: &[Sort<T>],
    filter: Option<&'a Cond<T>>,
) -> (String, Params<'a>) {
    let mut params = Params::new();
    let mut sql = format!(
        "SELECT {} FROM {} d WHERE true",
        T::Light::selected(),
        T::NAME
    );
    and_filter(filter, &mut sql, &mut params);
    for (i, it) in order.iter().enumerate() {
        let word = if i == 0 { " ORDER BY" } else { "," };
        let _ = write!(sql, "{word} d.{}{}", it.column, it.order);
    }
    (sql, params)
}
