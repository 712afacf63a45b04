//! Ids of revisions.

use std::fmt;

use serde::Serialize;
use thiserror::Error;

use crate::model::fingerprint::hex;

/// The name of a revision: letters, digits, `_` and `-`; twelve hexadecimal digits when generated.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct RevisionId(String);

/// Why a text is not the name of a revision.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum IdError {
    /// No text at all.
    #[error("a revision id is missing")]
    Empty,
    /// A character that a file name or a target could not carry.
    #[error("`{id}` is not a revision id: `{character}` is not one of A-Z a-z 0-9 _ -")]
    Character {
        /// The text.
        id: String,
        /// The first character that does not belong.
        character: char,
    },
    /// A word that means something else where a revision is named.
    #[error("`{id}` cannot be a revision id: it is a reserved name")]
    Reserved {
        /// The word.
        id: String,
    },
}

/// Words that name targets.
const RESERVED: [&str; 4] = ["base", "head", "heads", "current"];

impl RevisionId {
    /// Reads an id.
    ///
    /// # Errors
    /// When the text is empty, reserved, or holds other characters.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        if text.is_empty() {
            return Err(IdError::Empty);
        }
        if RESERVED.contains(&text) {
            return Err(IdError::Reserved { id: text.to_owned() });
        }
        match text.chars().find(|it| !is_id_character(*it)) {
            Some(character) => Err(IdError::Character { id: text.to_owned(), character }),
            None => Ok(Self(text.to_owned())),
        }
    }

    /// The generated form, from six random bytes.
    #[must_use]
    pub fn from_random(bytes: [u8; 6]) -> Self {
        Self(hex(&bytes))
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RevisionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether a character may stand in an id.
pub(super) fn is_id_character(it: char) -> bool {
    it.is_ascii_alphanumeric() || matches!(it, '_' | '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_ids_are_twelve_digits() {
        let id = RevisionId::from_random([0x3f, 0x2a, 0x9c, 0x01, 0xd7, 0xe4]);
        assert_eq!(id.as_str(), "3f2a9c01d7e4");
        assert_eq!(RevisionId::parse("3f2a9c01d7e4"), Ok(id));
    }

    #[track_caller]
    fn check_error(text: &str, message: &str) {
        assert_eq!(RevisionId::parse(text).unwrap_err().to_string(), message);
    }

    #[test]
    fn refused_ids() {
        check_error("", "a revision id is missing");
        check_error("a b", "`a b` is not a revision id: ` ` is not one of A-Z a-z 0-9 _ -");
        check_error("a/b", "`a/b` is not a revision id: `/` is not one of A-Z a-z 0-9 _ -");
        check_error("head", "`head` cannot be a revision id: it is a reserved name");
    }
}
