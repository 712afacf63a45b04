//! Checksums: what tells an edited revision from the one that was applied.
//!
//! Both kinds carry the scheme that made them (`v1:sha256:…`), so that a later scheme can tell that
//! it cannot judge an older row instead of calling it edited.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::model::fingerprint::hex;

/// The scheme that this version writes.
const SCHEME: &str = "v1:sha256:";

/// SHA-256 over the two files of a revision, line ends normalized.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Checksum(String);

/// SHA-256 over a revision's checksum and its parents' chains: equal chains at a head mean equal
/// histories, to the byte.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Chain(String);

impl Checksum {
    /// The checksum of a revision. A missing down file is not an empty one.
    #[must_use]
    pub fn of(up: &str, down: Option<&str>) -> Self {
        let mut hash = Sha256::new();
        hash.update(normalized(up).as_bytes());
        if let Some(down) = down {
            // No text file holds a zero byte, so the two files cannot be cut elsewhere.
            hash.update([0]);
            hash.update(normalized(down).as_bytes());
        }
        Self(format!("{SCHEME}{}", hex(&hash.finalize())))
    }

    /// Takes one as the ledger stored it.
    pub fn recorded(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Whether this version of the program can compute it.
    #[must_use]
    pub fn is_known_scheme(&self) -> bool {
        self.0.starts_with(SCHEME)
    }

    /// As the ledger stores it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Chain {
    /// Reads one as a header has it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix(SCHEME)?;
        let valid = digits.len() == 64 && digits.bytes().all(|it| it.is_ascii_hexdigit());
        valid.then(|| Self(text.to_owned()))
    }

    /// The chain of a revision with this checksum on these parents, whose order does not count.
    #[must_use]
    pub fn of(checksum: &Checksum, parents: &[&Chain]) -> Self {
        let mut parents = parents.to_vec();
        parents.sort_unstable();
        let mut hash = Sha256::new();
        hash.update(checksum.0.as_bytes());
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

    /// As the ledger stores it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Line ends as on Unix and no byte order mark, as editors and git may leave them.
fn normalized(text: &str) -> String {
    text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_do_not_count() {
        assert_eq!(
            Checksum::of("a\r\nb", Some("c\r\n")),
            Checksum::of("\u{feff}a\nb", Some("c\n"))
        );
        assert_ne!(Checksum::of("a\nb", None), Checksum::of("ab", None));
    }

    #[test]
    fn every_part_counts() {
        let all = [
            Checksum::of("ab", None),
            Checksum::of("ab", Some("")),
            Checksum::of("a", Some("b")),
            Checksum::of("", Some("ab")),
        ];
        for (index, it) in all.iter().enumerate() {
            assert!(!all[index + 1..].contains(it), "{it}");
        }
    }

    /// A change of this value invalidates every ledger: it needs a new scheme.
    #[test]
    fn scheme_is_stable() {
        assert_eq!(
            Checksum::of("", None).as_str(),
            "v1:sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        );
        assert!(Checksum::of("", None).is_known_scheme());
        assert!(!Checksum::recorded("v2:blake3:00").is_known_scheme());
    }

    #[test]
    fn chains_hold_the_history() {
        let (a, b) = (Checksum::of("a", None), Checksum::of("b", None));
        let (on_a, on_b) = (Chain::of(&a, &[]), Chain::of(&b, &[]));
        assert_ne!(Chain::of(&b, &[&on_a]), on_b);
        assert_eq!(Chain::of(&a, &[&on_a, &on_b]), Chain::of(&a, &[&on_b, &on_a]));
    }
}
