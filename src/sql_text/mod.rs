//! SQL scripts as text: a script goes in, its statements come out, and of each statement what its
//! first words say about transactions and about its reach.
//!
//! Statements end where `psql` would end them. Nothing here understands SQL beyond its tokens, and
//! nothing is ever rewritten: a statement is sent to the server as it stands in the file.

mod classify;
mod define;
mod lex;
mod part;
mod psql;
mod split;

pub use classify::{ConcurrentIndex, TxMode};
pub use lex::Token;
pub use part::{NotContained, Part, contained};
pub use psql::{for_psql, interpolated};
pub use split::{SplitError, Statement, split};
