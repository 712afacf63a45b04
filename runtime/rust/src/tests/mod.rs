//! Unit tests, without a database; those with one are in `tests/generated` of aludel. They are not
//! copied.

mod conditions;
mod cursors;
mod errors;
mod local;
mod searches;
mod values;
#[cfg(feature = "vectors")]
mod vectors;
mod writing;

use tokio_postgres::Row;

use crate::{ColumnInfo, Result, Table};

/// A table of two columns.
pub(crate) enum Notes {}

pub(crate) const KEY: &[ColumnInfo] = &[ColumnInfo::new("id", "bigint")];

impl Table for Notes {
    type Light = ();
    const NAME: &'static str = "public.notes";
    const LIGHT: &'static str = "d.id, d.body";
    const WIDTH: usize = 2;
    const KEY: &'static [ColumnInfo] = KEY;
    const COLUMNS: &'static [ColumnInfo] = &[KEY[0], ColumnInfo::text("price", "money")];
    const EXPECTED: &'static [(&'static str, &'static str, bool)] = &[("id", "bigint", true)];

    fn light(_: &Row) -> Result<()> {
        Ok(())
    }
}
