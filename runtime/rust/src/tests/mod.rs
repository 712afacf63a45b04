//! Unit tests, without a database; those with one are in `tests/generated` of aludel. They are not
//! copied.

mod conditions;
mod cursors;
mod errors;
mod local;
mod notes;
mod searches;
mod selecting;
mod tables;
mod values;
#[cfg(feature = "vectors")]
mod vectors;
mod writing;

pub(crate) use notes::{KEY, NewNote, Note, NoteFull, NotePatch, Notes};
