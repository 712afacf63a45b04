//! One file a command.

pub(super) mod adopt;
mod beforehand;
pub(super) mod check;
pub(super) mod current;
pub(super) mod diff;
mod draft;
pub(super) mod generate;
pub(super) mod history;
mod hooks;
pub(super) mod import;
pub(super) mod init;
mod ledger;
mod listing;
pub(super) mod merge;
pub(super) mod migrate;
mod offline;
mod ours;
pub(super) mod pull;
pub(super) mod rebase;
pub(super) mod repair;
pub(super) mod revision;
mod running;
pub(super) mod schema_json;
pub(super) mod show;
pub(super) mod squash;
pub(super) mod stamp;
pub(super) mod status;
