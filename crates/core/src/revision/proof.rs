//! The proof of a revision: its files were run up, down and up again on a scratch database, with
//! their present text, on top of the present text of the revisions before it.
//!
//! With it, a new clone need not run them again. It is not a signature: anyone who can write the
//! file can write its proof. It detects later edits.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::model::fingerprint::hex;

/// What is proved and how it is told: raised when an older proof no longer says what a run would.
pub const SCHEME: &str = "p1";

/// How many bytes of SHA-256 are kept.
const BYTES: usize = 16;

/// The beginning of a SHA-256, as hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seal(String);

/// What the header of a revision says of its run: `p1; pglite-oxide 0.5.1; leaves …; seal …`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The engine that ran it, and its release.
    pub engine: String,
    /// The objects that it and the revisions before it leave.
    pub leaves: Seal,
    /// All that the proof rests on.
    pub seal: Seal,
}

impl Seal {
    /// Over parts, each with its length, so that none can pass for another.
    #[must_use]
    pub fn of<T: AsRef<[u8]>>(parts: impl IntoIterator<Item = T>) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update((part.as_ref().len() as u64).to_le_bytes());
            hash.update(part);
        }
        Self(hex(&hash.finalize()[..BYTES]))
    }

    /// Reads one back.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let well_formed = text.len() == 2 * BYTES
            && text.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'));
        well_formed.then(|| Self(text.to_owned()))
    }

    /// Its digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Proof {
    /// Reads one back. None where it is of another scheme, or no proof at all: then there is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split(';').map(str::trim).collect();
        let [SCHEME, engine, leaves, seal] = parts.as_slice() else { return None };
        Some(Self {
            engine: (*engine).to_owned(),
            leaves: Seal::parse(leaves.strip_prefix("leaves ")?)?,
            seal: Seal::parse(seal.strip_prefix("seal ")?)?,
        })
    }
}

impl fmt::Display for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { engine, leaves, seal } = self;
        write!(f, "{SCHEME}; {engine}; leaves {leaves}; seal {seal}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read() {
        let (leaves, seal) = (Seal::of(["a"]), Seal::of(["b", "c"]));
        let proof = Proof { engine: "pglite-oxide 0.5.1".to_owned(), leaves, seal };
        assert_eq!(Proof::parse(&proof.to_string()), Some(proof.clone()));
        assert_eq!(Proof::parse(&proof.to_string().replace("p1", "p0")), None);
        assert_eq!(Proof::parse("p1; nothing"), None);
    }

    #[test]
    fn parts_do_not_run_into_each_other() {
        assert_ne!(Seal::of(["ab", "c"]), Seal::of(["a", "bc"]));
        assert_ne!(Seal::of(["a", ""]), Seal::of(["a"]));
    }
}
