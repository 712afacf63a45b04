//! Chains: what was run, and what was run before it, in one hash.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::model::fingerprint::hex;

/// The scheme that this version writes.
pub(super) const SCHEME: &str = "v2:sha256:";
/// The scheme of the first ledgers: one checksum over the text of both files.
pub(super) const WHOLE: &str = "v1:sha256:";
/// Hexadecimal digits of SHA-256.
const DIGITS: usize = 64;

/// SHA-256 over what a revision's up file runs and its parents' chains: equal chains at a head mean
/// that the same statements were run in the same order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Chain(String);

impl Chain {
    /// Reads one as a header has it, of any scheme.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix(SCHEME).or_else(|| text.strip_prefix(WHOLE))?;
        is_digest(digits).then(|| Self(text.to_owned()))
    }

    /// That of a revision with these statements on these parents, whose order does not count.
    #[must_use]
    pub fn of(statements: &str, parents: &[&Self]) -> Self {
        let mut parents = parents.to_vec();
        parents.sort_unstable();
        let mut hash = Sha256::new();
        hash.update(statements.as_bytes());
        for parent in parents {
            hash.update(b"\n");
            hash.update(parent.0.as_bytes());
        }
        Self(format!("{SCHEME}{}", hex(&hash.finalize())))
    }

    /// Takes one as the ledger stored it.
    pub fn recorded(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// This one, with the one of an older scheme that a row had before, by which a revision may name
    /// what it replaces.
    #[must_use]
    pub fn with_older(&self, older: &Self) -> Self {
        Self(format!("{} {}", self.0, older.0))
    }

    /// Whether it is that one, or had it before.
    #[must_use]
    pub fn includes(&self, other: &Self) -> bool {
        self.0.split(' ').any(|it| it == other.0)
    }

    /// As the ledger stores it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

pub(super) fn is_digest(text: &str) -> bool {
    text.len() == DIGITS && text.bytes().all(|it| it.is_ascii_hexdigit())
}
