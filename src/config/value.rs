//! A setting and its origin.

use std::fmt;
use std::ops::Deref;

use crate::diagnostic::Span;

/// A value that knows its origin. It can be used as the value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value<T> {
    /// The value.
    pub value: T,
    /// Who said so.
    pub origin: Origin,
}

impl<T> Value<T> {
    /// What holds when nobody says anything.
    pub(super) fn default(value: T) -> Self {
        Self { value, origin: Origin::Default }
    }
}

impl<T> Deref for Value<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// Who said so, from the weakest to the strongest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Nobody.
    Default,
    /// `aludel.toml`, at a place.
    File(Span),
    /// An environment variable.
    Environment(&'static str),
    /// An argument.
    Flag(&'static str),
}

impl Origin {
    /// The place in the file.
    #[must_use]
    pub fn span(&self) -> Option<Span> {
        match self {
            Self::File(span) => Some(*span),
            Self::Default | Self::Environment(_) | Self::Flag(_) => None,
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("the default"),
            Self::File(_) => f.write_str("aludel.toml"),
            Self::Environment(name) | Self::Flag(name) => f.write_str(name),
        }
    }
}

/// Whether a text is an amount of memory as PostgreSQL writes them: `2GB`.
#[must_use]
pub(super) fn is_size(text: &str) -> bool {
    let end = text.find(|it: char| !it.is_ascii_digit()).unwrap_or(text.len());
    end > 0 && matches!(&text[end..], "B" | "kB" | "MB" | "GB" | "TB")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units() {
        for right in ["2GB", "64MB", "1024kB"] {
            assert!(is_size(right), "{right}");
        }
        for wrong in ["", "2", "GB", "2gb", "2 G", "1; DROP TABLE x"] {
            assert!(!is_size(wrong), "{wrong}");
        }
    }
}
