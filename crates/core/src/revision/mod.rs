//! Revisions: the files of a migration folder as a graph.
//!
//! In: texts of files. Out: typed revisions, their graph and its walks. Nothing accesses the disk; ids and
//! the time are arguments.

pub mod alembic;
pub mod chain;
pub mod checksum;
pub mod consent;
pub mod file;
pub mod graph;
pub mod id;
pub mod lineage;
pub mod loss;
pub mod proof;
pub mod reshape;
pub mod route;
pub mod target;
pub mod timestamp;
pub mod variables;

use std::path::PathBuf;

use checksum::{Checksum, Side};
use file::Header;
use id::RevisionId;
use loss::Loss;
use proof::Proof;

/// One revision: its metadata and its two files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// The metadata, read from the top of the up file.
    pub header: Header,
    /// The file that applies it.
    pub up: SqlFile,
    /// The file that takes it back. None means that it is irreversible.
    pub down: Option<SqlFile>,
}

/// A file with its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqlFile {
    /// Where it is, as it was found.
    pub path: PathBuf,
    /// What it holds.
    pub text: String,
}

impl Revision {
    /// Its id.
    #[must_use]
    pub fn id(&self) -> &RevisionId {
        &self.header.id
    }

    /// One of its files, if it is there.
    #[must_use]
    pub fn file(&self, side: Side) -> Option<&SqlFile> {
        match side {
            Side::Up => Some(&self.up),
            Side::Down => self.down.as_ref(),
        }
    }

    /// The checksums of its two files.
    #[must_use]
    pub fn checksum(&self) -> Checksum {
        Checksum::of(self)
    }

    /// The revision with another proof in its header.
    #[must_use]
    pub fn with_proof(mut self, proof: Option<Proof>) -> Self {
        self.up.text = file::with_proof(&self.up.text, proof.as_ref());
        self.header.proof = proof;
        self
    }

    /// The revision with the consent to other losses in its header. Its proof covers the consent, so it has none.
    #[must_use]
    pub fn allowing(self, losses: Vec<Loss>) -> Self {
        let mut revision = self.with_proof(None);
        revision.up.text = file::with_allowed(&revision.up.text, &losses);
        revision.header.allows = losses;
        revision
    }
}
