//! Runs revisions from another program: from a directory at run time, or compiled in.
//!
//! ```no_run
//! use aludel::migrator::Migrator;
//!
//! # async fn start() -> Result<(), aludel::migrator::MigratorError> {
//! let migrator = Migrator::from_directory("migrations")?;
//! let report = migrator.upgrade("postgres://app@localhost/app", "head").await?;
//! for it in &report.finished {
//!     println!("applied {} {}", it.id, it.message);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! To compile the revisions in, let `build.rs` call [`embed`]:
//!
//! ```no_run
//! // build.rs
//! aludel::migrator::embed("migrations").unwrap();
//! ```
//!
//! and include the file that it writes:
//!
//! ```ignore
//! const MIGRATIONS: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/migrations.rs"));
//! let migrator = Migrator::from_embedded(MIGRATIONS)?;
//! ```
//!
//! The ledger, the advisory lock and the checks are those of the program: several instances of a
//! service may start at the same time, and one of them applies the revisions. Services do not need the embedded
//! engine: `aludel = { version = "…", default-features = false }`.

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::Path;

use thiserror::Error;
use tokio::sync::watch;

use crate::connection::surroundings::Process;
use crate::connection::{Address, AddressError, ConnectError, connect, ignore_notices};
use crate::ledger::{Direction, PendingError, pending, until_contract};
use crate::ledger_tables::{Store, StoreError};
use crate::revision::graph::Graph;
use crate::revision::id::RevisionId;
use crate::revision::target::{Target, TargetError};
use crate::revision_files::{LoadError, from_texts, load};
use crate::runner::{Progress, Request, RunError, RunReport, RunSettings, SessionParts, run};

/// Revisions, ready to run on databases.
#[derive(Debug, Clone)]
pub struct Migrator {
    graph: Graph,
    settings: RunSettings,
    until_contract: bool,
}

/// Why revisions did not run.
#[derive(Debug, Error)]
pub enum MigratorError {
    /// Mistakes in the revisions.
    #[error("the revisions have mistakes: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Revisions(Vec<LoadError>),
    /// Not an address.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// No connection.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// Not a target.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// The ledger could not be read.
    #[error(transparent)]
    Ledger(#[from] StoreError),
    /// There is no way to the target.
    #[error(transparent)]
    Pending(#[from] PendingError),
    /// The run ended before its target.
    #[error(transparent)]
    Run(#[from] RunError),
}

impl Migrator {
    /// Reads the revisions of a folder.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub fn from_directory(directory: impl AsRef<Path>) -> Result<Self, MigratorError> {
        let graph = load(&[directory]).map_err(MigratorError::Revisions)?;
        Ok(Self { graph, settings: RunSettings::default(), until_contract: false })
    }

    /// Takes revisions that were compiled in, as names of files and their texts; see [`embed`].
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub fn from_embedded(files: &[(&str, &str)]) -> Result<Self, MigratorError> {
        let graph = from_texts(files).map_err(MigratorError::Revisions)?;
        Ok(Self { graph, settings: RunSettings::default(), until_contract: false })
    }

    /// Other settings than the default ones: timeouts, the ledger's schema, variables.
    #[must_use]
    pub fn with_settings(mut self, settings: RunSettings) -> Self {
        self.settings = settings;
        self
    }

    /// An upgrade stops before the first contract revision of each branch, as `aludel upgrade
    /// --until-contract` does: for what runs before a release.
    #[must_use]
    pub fn until_contract(mut self) -> Self {
        self.until_contract = true;
        self
    }

    /// Allows a downgrade to lose existing rows, and a revision without a proof to lose data. Losses that a proof
    /// names are allowed only by the header of the revision.
    #[must_use]
    pub fn allowing_data_loss(mut self) -> Self {
        self.settings.consent.downgrade = true;
        self.settings.consent.unmeasured = true;
        self
    }

    /// The revisions.
    #[must_use]
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// What an upgrade to a target would apply, in order.
    ///
    /// # Errors
    /// When the database does not answer, or the target names no place.
    pub async fn pending(&self, url: &str, target: &str) -> Result<Vec<RevisionId>, MigratorError> {
        let targets = [Target::parse(target)?];
        let connection = connect(&Address::parse(url, &Process)?, ignore_notices()).await?;
        let applied = Store::new(self.settings.ledger_schema.clone()).read(&connection).await;
        connection.close().await;
        let mut steps = pending(&self.graph, &applied?, Direction::Up, &targets)?;
        if self.until_contract {
            steps = until_contract(steps)?.0;
        }
        Ok(steps.iter().map(|it| it.revision.id().clone()).collect())
    }

    /// Applies revisions up to a target, as `aludel upgrade` does. Another run is waited for.
    ///
    /// # Errors
    /// As [`run`] says; what a failed revision leaves is in the error and in the ledger.
    pub async fn upgrade(&self, url: &str, target: &str) -> Result<RunReport, MigratorError> {
        self.run(url, Direction::Up, target, &mut |_| {}).await
    }

    /// Reverts revisions down to a target, as `aludel downgrade` does.
    ///
    /// # Errors
    /// As [`Migrator::upgrade`].
    pub async fn downgrade(&self, url: &str, target: &str) -> Result<RunReport, MigratorError> {
        self.run(url, Direction::Down, target, &mut |_| {}).await
    }

    /// Runs revisions up or down to a target, and reports the progress to an observer.
    ///
    /// # Errors
    /// As [`Migrator::upgrade`].
    pub async fn run(
        &self,
        url: &str,
        direction: Direction,
        target: &str,
        observer: &mut dyn FnMut(Progress<'_>),
    ) -> Result<RunReport, MigratorError> {
        let targets = [Target::parse(target)?];
        let address = Address::parse(url, &Process)?;
        self.run_at(&address, Witnessed::Yes, direction, &targets, observer).await
    }

    /// The same at an address.
    pub(crate) async fn run_at(
        &self,
        address: &Address,
        witnessed: Witnessed,
        direction: Direction,
        targets: &[Target],
        observer: &mut dyn FnMut(Progress<'_>),
    ) -> Result<RunReport, MigratorError> {
        let (notices, mut parts) = SessionParts::new();
        let connection = connect(address, notices).await?;
        match witnessed {
            Witnessed::Yes => parts.open_witness(address).await?,
            #[cfg(feature = "embedded")]
            Witnessed::No => {}
        }
        let (_interrupt, interrupt) = watch::channel(false);
        let until_contract = self.until_contract && direction == Direction::Up;
        let request = Request { graph: &self.graph, direction, targets, until_contract };
        let mut observer = |it: Progress<'_>| observer(it);
        let session = parts.session(&connection, interrupt);
        let done = run(session, &self.settings, request, &mut observer).await;
        parts.close().await;
        connection.close().await;
        Ok(done?)
    }
}

/// Whether a second connection watches a run, by which a pooler shows itself. The embedded engine takes only
/// one.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Witnessed {
    Yes,
    #[cfg(feature = "embedded")]
    No,
}

/// For `build.rs`: writes `migrations.rs` into `OUT_DIR`, an expression of type
/// `&[(&str, &str)]` that holds the revisions of a folder, and lets cargo look for changes there.
///
/// # Errors
/// When the folder cannot be read, or outside of a build script.
pub fn embed(directory: impl AsRef<Path>) -> io::Result<()> {
    let directory = std::fs::canonicalize(directory)?;
    let line = format!("cargo::rerun-if-changed={}\n", directory.display());
    io::stdout().write_all(line.as_bytes())?;
    let folder = std::env::var_os("OUT_DIR")
        .ok_or_else(|| io::Error::other("OUT_DIR is not set: call this from a build script"))?;
    std::fs::write(Path::new(&folder).join("migrations.rs"), embedded(&directory)?)
}

/// The files of a folder as an expression of Rust.
fn embedded(directory: &Path) -> io::Result<String> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(directory)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".sql") && !name.starts_with('.') {
            names.push(name);
        }
    }
    names.sort();
    let mut text = "&[\n".to_owned();
    for name in names {
        let path = directory.join(&name).display().to_string();
        let _ = writeln!(text, "    ({name:?}, include_str!({path:?})),");
    }
    text.push_str("]\n");
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_become_expressions() {
        let root = tempfile::tempdir().unwrap();
        for name in ["b.up.sql", "a.up.sql", "a.down.sql", "readme.md", ".x.up.sql"] {
            std::fs::write(root.path().join(name), "").unwrap();
        }
        let here = root.path().display();
        let expected = format!(
            "&[\n    (\"a.down.sql\", include_str!(\"{here}/a.down.sql\")),\n    \
             (\"a.up.sql\", include_str!(\"{here}/a.up.sql\")),\n    \
             (\"b.up.sql\", include_str!(\"{here}/b.up.sql\")),\n]\n"
        );
        assert_eq!(embedded(root.path()).unwrap(), expected);
    }
}
