//! What an index scan does when rows that it found do not satisfy the filter (README, "Iterative Index Scans").

use serde::{Serialize, Serializer};

use super::VectorMethod;

/// What an index scan does if too few of the rows that it found satisfy the filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum IterativeScan {
    /// It stops.
    Off,
    /// It continues; rows can come slightly out of order.
    Relaxed,
    /// It continues, and leaves out rows that are nearer than the last one.
    Strict,
}

impl IterativeScan {
    /// All of them, by the values of `hnsw.iterative_scan` and `ivfflat.iterative_scan`.
    pub const WORDS: &'static [(&'static str, Self)] =
        &[("off", Self::Off), ("relaxed_order", Self::Relaxed), ("strict_order", Self::Strict)];

    /// The value of the setting.
    #[must_use]
    pub const fn setting(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Relaxed => "relaxed_order",
            Self::Strict => "strict_order",
        }
    }

    /// The one with this value.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|it| it.0 == word).map(|it| it.1)
    }

    /// Whether an access method has it.
    #[must_use]
    pub fn is_of(self, method: VectorMethod) -> bool {
        method == VectorMethod::Hnsw || self != Self::Strict
    }
}

impl Serialize for IterativeScan {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.setting())
    }
}
