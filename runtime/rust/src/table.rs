//! What the functions need to know of a table.

use super::columns::ColumnInfo;
use super::rows::FromColumns;

/// A table as the functions of the runtime need it. In their SQL it has the alias `d`.
pub trait Table: Sized + Send + Sync + 'static {
    /// One row as lists have it: without vectors.
    type Light: FromColumns;
    /// The name, qualified, and quoted if it needs quotes.
    const NAME: &'static str;
    /// All columns.
    const COLUMNS: &'static [ColumnInfo];
    /// The primary key; empty if there is none.
    const KEY: &'static [ColumnInfo] = &[];
    /// How pages are sorted, and whether the largest value comes first; ends with a key.
    const ORDER: &'static [(ColumnInfo, bool)] = &[];
    /// Whether COPY can write to it; COPY does not support row-level security.
    const COPIED: bool = true;
    /// The indexes of its searches.
    const INDEXES: &'static [&'static str] = &[];
}

/// How many columns fields are for; where there are none, one is selected all the same.
pub const fn width(fields: &[&str]) -> usize {
    if fields.is_empty() { 1 } else { fields.len() }
}

/// The columns with these places, for a `SELECT`.
pub fn selected<T: Table>(places: &[usize]) -> String {
    let columns: Vec<String> = places.iter().map(|i| T::COLUMNS[*i].selected()).collect();
    // Something must be listed.
    if columns.is_empty() {
        "1".to_string()
    } else {
        columns.join(", ")
    }
}

/// The place of the column that a field is for, looked up by the compiler.
///
/// # Panics
/// If there is no such column.
pub const fn place(columns: &[ColumnInfo], field: &str) -> usize {
    let field = match field.as_bytes() {
        [b'r', b'#', bare @ ..] => bare,
        whole => whole,
    };
    let mut place = 0;
    while place < columns.len() {
        if is_same(columns[place].field.as_bytes(), field) {
            return place;
        }
        place += 1;
    }
    panic!("a field is no column")
}

const fn is_same(a: &[u8], b: &[u8]) -> bool {
    let mut i = 0;
    while i < a.len() && i < b.len() && a[i] == b[i] {
        i += 1;
    }
    i == a.len() && i == b.len()
}
