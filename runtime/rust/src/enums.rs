//! Enums: values travel as their labels.

pub use bytes::BytesMut;
use tokio_postgres::types::IsNull;

use super::errors::SqlResult;

/// An enum of the database. Values are accepted by the name of the type only: checking the set of
/// labels as well (as `derive(ToSql)` does) would break a running program when a label is added.
pub trait PgEnum: Sized {
    /// The name of the type, without its schema.
    const NAME: &'static str;

    /// The label of a value.
    fn label(&self) -> &str;

    /// The value of a label; none if this code does not know the label.
    fn of_label(label: &str) -> Option<Self>;
}

/// Writes the label of a value.
///
/// # Errors
/// Never; the result is what `ToSql` returns.
pub fn write_label<E: PgEnum>(value: &E, out: &mut BytesMut) -> SqlResult<IsNull> {
    out.extend_from_slice(value.label().as_bytes());
    Ok(IsNull::No)
}

/// The value of a label as the server sends it.
///
/// # Errors
/// For a label that was added to the type after the code was generated.
pub fn read_label<E: PgEnum>(raw: &[u8]) -> SqlResult<E> {
    let label = std::str::from_utf8(raw)?;
    E::of_label(label).ok_or_else(|| {
        let name = E::NAME;
        format!("label {label:?} was added to enum {name} after this code was generated").into()
    })
}
