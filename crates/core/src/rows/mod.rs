//! Test rows: values for the columns of a table, so that a revision is tested with rows before it
//! is written.
//!
//! In: the definition of a [`TestTable`] from the catalog. Out: candidates for values and [`Row`]s of
//! them, as the text that PostgreSQL reads. Types, keys, references, checks and bounds are
//! respected as far as they are understood; PostgreSQL decides about each row. The same table
//! always gets the same rows.

pub mod decide;
pub mod kind;
pub mod literals;
pub mod order;
pub mod table;
pub mod values;

pub use decide::{Cell, Filler, Row};
pub use kind::ValueKind;
pub use table::{Check, Reference, TestColumn, TestTable};
