//! Rows read into structs, column by column.

use tokio_postgres::Row;
use tokio_postgres::types::FromSql;

use super::errors::{Error, Result};

/// What a row is read into.
pub trait FromColumns: Sized + Send {
    /// How many columns it has.
    const WIDTH: usize;

    /// Its columns in a `SELECT`. Never `*`: a column that is added later must not change the
    /// result type of a prepared statement, nor add vectors to lists.
    fn selected() -> &'static str;

    /// Reads the columns.
    ///
    /// # Errors
    /// If a value has no equivalent in its type.
    fn read(columns: &mut Columns<'_>) -> Result<Self>;
}

/// Reads the columns that a row begins with.
pub(super) fn read<R: FromColumns>(row: &Row) -> Result<R> {
    R::read(&mut Columns::of(row))
}

/// The columns of a row, read one after the other.
pub struct Columns<'r> {
    row: &'r Row,
    place: usize,
}

impl<'r> Columns<'r> {
    /// Those of this row.
    pub fn of(row: &'r Row) -> Self {
        Columns { row, place: 0 }
    }

    /// The value of the next one.
    ///
    /// # Errors
    /// [`Error::Unreadable`] names the column if its type in code has no value for it.
    pub fn take<T: FromSql<'r>>(&mut self) -> Result<T> {
        self.place += 1;
        at(self.row, self.place - 1)
    }

    /// A row of the next ones.
    ///
    /// # Errors
    /// As [`Columns::take`].
    pub fn take_row<R: FromColumns>(&mut self) -> Result<R> {
        let end = self.place + R::WIDTH;
        let row = R::read(self);
        self.place = end;
        row
    }
}

/// The value of a column of a row, by its place.
///
/// # Errors
/// [`Error::Unreadable`] names the column if its type in code has no value for it.
fn at<'r, T: FromSql<'r>>(row: &'r Row, place: usize) -> Result<T> {
    row.try_get(place).map_err(|e| {
        let column = row.columns().get(place).map_or("?", |it| it.name());
        match e.into_source() {
            Some(source) => Error::Unreadable {
                column: column.to_string(),
                source,
            },
            None => Error::NoRow,
        }
    })
}
