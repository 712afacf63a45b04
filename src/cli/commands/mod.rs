//! One file per command.

pub(super) mod adopt;
pub(super) mod check;
pub(super) mod completions;
pub(super) mod current;
pub(super) mod diff;
mod findings;
pub(super) mod generate;
pub(super) mod history;
pub(super) mod import;
pub(super) mod init;
mod listing;
pub(super) mod man;
pub(super) mod merge;
pub(super) mod migrate;
mod offline;
pub(super) mod pull;
pub(super) mod rebase;
pub(super) mod repair;
pub(super) mod revision;
pub(super) mod schema_json;
pub(super) mod show;
pub(super) mod squash;
pub(super) mod stamp;
pub(super) mod status;

pub(super) use listing::titled;

/// What to do about edited comments and headers.
const ACCEPT_EDITS: &str = "edited comments and headers, and new down files, do not stop a run; to accept them: `aludel repair`";
