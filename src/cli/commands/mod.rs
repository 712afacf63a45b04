//! One file a command.

pub(super) mod check;
pub(super) mod current;
pub(super) mod diff;
pub(super) mod history;
pub(super) mod init;
mod ledger;
pub(super) mod migrate;
pub(super) mod pull;
pub(super) mod revision;
pub(super) mod schema_json;
pub(super) mod status;
