//! Replaces the embedded engine in a build without it: returns an error.

use std::convert::Infallible;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::{DatabaseSpec, ScratchError};
use crate::connection::{Address, Connection, Notices};

/// Extensions that the embedded engine has.
pub const EXTENSIONS: &[&str] = &[];

/// The embedded engine that is not there.
pub(super) struct Embedded(Infallible);

/// A database that is not there.
pub(super) struct Hold(Infallible);

/// A persistent database that is not there.
pub struct Persistent(Infallible);

impl Embedded {
    pub(super) fn new() -> Result<Self, ScratchError> {
        Err(ScratchError::NoEmbeddedEngine)
    }

    #[allow(clippy::unused_async, reason = "as the engine that is there")]
    pub(super) async fn database(
        &self,
        _spec: &DatabaseSpec,
    ) -> Result<(Connection, Hold), ScratchError> {
        match self.0 {}
    }
}

impl Hold {
    #[allow(clippy::unused_async, reason = "as the engine that is there")]
    pub(super) async fn close(self) {
        match self.0 {}
    }
}

/// This same process with its engine's files elsewhere: there is no engine.
#[must_use]
pub fn relocated(_project: &Path) -> Option<Command> {
    None
}

/// Opens the database in a folder.
#[allow(clippy::unused_async, reason = "as the engine that is there")]
pub async fn persistent(_path: &Path, _patience: Duration) -> Result<Persistent, ScratchError> {
    Err(ScratchError::NoEmbeddedEngine)
}

impl Persistent {
    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> &Address {
        match self.0 {}
    }

    /// Opens a session.
    #[allow(clippy::unused_async, reason = "as the engine that is there")]
    pub async fn connect(&self, _notices: Notices) -> Result<Connection, ScratchError> {
        match self.0 {}
    }

    /// Stops it.
    #[allow(clippy::unused_async, reason = "as the engine that is there")]
    pub async fn close(self) {
        match self.0 {}
    }
}
