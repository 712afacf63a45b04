//! Made-up rows: which values the columns of a table get, so that a revision meets rows before it is
//! written.
//!
//! In: the shape of a [`Table`] as a catalog has it. Out: candidates for values and [`Row`]s of them, as
//! the text that PostgreSQL reads. What can be known of types, keys, references, checks and bounds is
//! respected; PostgreSQL has the last word on each row. The same table gets the same rows.

pub mod decide;
pub mod kind;
pub mod literals;
pub mod order;
pub mod table;
pub mod values;

pub use decide::{Cell, Filler, Row};
pub use kind::ValueKind;
pub use table::{Check, Column, Reference, Table};
