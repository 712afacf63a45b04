//! The proof of a revision: its files were run up, down and up again on a scratch database, with
//! their present text, on top of the present text of the revisions before it.
//!
//! With it, a new clone need not run them again. It is not a signature: anyone who can write the
//! file can write its proof. It detects later edits.

use std::fmt;

use sha2::{Digest, Sha256};

use super::loss::{Loss, Losses, parse_list, shown_list};
use crate::model::fingerprint::hex;

/// What is proved and how it is told: raised when an older proof no longer says what a run would.
pub const SCHEME: &str = "p2";

/// How many bytes of SHA-256 are kept.
const BYTES: usize = 16;

/// The beginning of a SHA-256, as hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seal(String);

/// What the header of a revision says of its run: `p2; pglite-oxide 0.5.1; leaves …; loses nothing; reverting
/// loses table docs; measured …; seal …`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The engine that ran it, and its release.
    pub engine: String,
    /// The objects that it and the revisions before it leave.
    pub leaves: Seal,
    /// The data that it loses, in each direction.
    pub losses: Losses,
    /// All that the losses rest on: see [`super::consent::measured`].
    pub measured: Seal,
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
        let [SCHEME, engine, leaves, up, down, measured, seal] = parts.as_slice() else {
            return None;
        };
        Some(Self {
            engine: (*engine).to_owned(),
            leaves: Seal::parse(leaves.strip_prefix("leaves ")?)?,
            losses: Losses {
                up: parse_losses(up.strip_prefix("loses ")?),
                down: parse_losses(down.strip_prefix("reverting loses ")?),
            },
            measured: Seal::parse(measured.strip_prefix("measured ")?)?,
            seal: Seal::parse(seal.strip_prefix("seal ")?)?,
        })
    }
}

/// For no losses.
const NOTHING: &str = "nothing";

fn parse_losses(text: &str) -> Vec<Loss> {
    if text == NOTHING { Vec::new() } else { parse_list(text) }
}

fn shown_losses(losses: &[Loss]) -> String {
    if losses.is_empty() { NOTHING.to_owned() } else { shown_list(losses) }
}

impl fmt::Display for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { engine, leaves, losses, measured, seal } = self;
        let (up, down) = (shown_losses(&losses.up), shown_losses(&losses.down));
        write!(f, "{SCHEME}; {engine}; leaves {leaves}; loses {up}; reverting loses {down}; ")?;
        write!(f, "measured {measured}; seal {seal}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read() {
        let losses = Losses {
            up: vec![],
            down: vec![Loss::named("column docs.note"), Loss::named("table \"odd, name\"")],
        };
        let (leaves, measured, seal) = (Seal::of(["a"]), Seal::of(["d"]), Seal::of(["b", "c"]));
        let proof =
            Proof { engine: "pglite-oxide 0.5.1".to_owned(), leaves, losses, measured, seal };
        assert_eq!(Proof::parse(&proof.to_string()), Some(proof.clone()));
        assert_eq!(Proof::parse(&proof.to_string().replace("p2", "p1")), None);
        assert_eq!(Proof::parse("p2; nothing"), None);
    }

    #[test]
    fn parts_do_not_run_into_each_other() {
        assert_ne!(Seal::of(["ab", "c"]), Seal::of(["a", "bc"]));
        assert_ne!(Seal::of(["a", ""]), Seal::of(["a"]));
    }
}
