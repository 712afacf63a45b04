//! SQL scripts as text: splits a script into statements, and classifies each by its first words.
//!
//! Statements end where the server and `psql` end them. Nothing here understands SQL beyond its
//! tokens. A statement is sent to the server as written, with two exceptions: on a scratch database
//! of a server owner clauses are removed, and an UPDATE in batches gets a range of its key.

mod canonical;
mod classify;
mod define;
mod directed;
mod directive;
mod keeps;
pub(crate) use keeps::{name as written_name, skip as skip_words};
mod lex;
mod lines;
mod outside;
mod owner;
mod part;
mod placed;
mod psql;
mod reach;
mod setting;
mod split;
mod strings_setting;
mod token;
mod transaction;
mod update;

pub use canonical::canonical;
pub use classify::TxMode;
pub use directive::{Batches, Directive, DirectiveError, Meaning};
pub use lex::Token;
pub use lines::{end_of_line, line_ends, lines};
pub use outside::{Outside, OutsideKind};
pub use part::{NotContained, Part, contained};
pub use psql::{for_psql, interpolated};
pub use reach::reaches_out;
pub use setting::{SessionSettings, Setting};
pub use split::{
    Rows, ScriptStatement, SkippedCommand, SplitError, SplitScript, split, split_script,
};
pub use transaction::TransactionWord;
pub use update::{Update, UpdateError};
