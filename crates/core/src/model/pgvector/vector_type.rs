//! The types whose values have a distance.

use super::SMALL_TYPES;

/// The types that pgvector indexes (`bit` is the server's own).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VectorType {
    /// `vector(n)`, four bytes an element.
    Vector,
    /// `halfvec(n)`, two bytes an element.
    Halfvec,
    /// `sparsevec(n)`, non-zero elements only.
    Sparsevec,
    /// `bit(n)`, one bit an element.
    Bit,
}

impl VectorType {
    /// The names of the types that the extension brings, sorted.
    pub const BROUGHT: [&'static str; 3] =
        [Self::Halfvec.name(), Self::Sparsevec.name(), Self::Vector.name()];

    /// All of them.
    pub const ALL: [Self; 4] = [Self::Vector, Self::Halfvec, Self::Sparsevec, Self::Bit];

    /// The type of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    /// The SQL name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Vector => "vector",
            Self::Halfvec => "halfvec",
            Self::Sparsevec => "sparsevec",
            Self::Bit => "bit",
        }
    }

    /// The version of pgvector that brought the type; none where every version has it.
    #[must_use]
    pub const fn since(self) -> Option<&'static str> {
        match self {
            Self::Vector | Self::Bit => None,
            Self::Halfvec | Self::Sparsevec => Some(SMALL_TYPES),
        }
    }

    /// Most dimensions that a column of the type can declare (README, "Reference").
    #[must_use]
    pub const fn max_dimensions(self) -> u64 {
        match self {
            Self::Vector | Self::Halfvec => 16_000,
            Self::Sparsevec => 1_000_000_000,
            Self::Bit => 83_886_080,
        }
    }

    /// Most dimensions that an HNSW or IVFFlat index takes; `None` where any number is taken.
    #[must_use]
    pub const fn max_indexed_dimensions(self) -> Option<u64> {
        match self {
            Self::Vector => Some(2_000),
            Self::Halfvec => Some(4_000),
            Self::Sparsevec => None,
            Self::Bit => Some(64_000),
        }
    }

    /// The bytes that an element takes, where all take the same.
    #[must_use]
    pub const fn element_bytes(self) -> Option<u64> {
        match self {
            Self::Vector => Some(4),
            Self::Halfvec => Some(2),
            Self::Sparsevec | Self::Bit => None,
        }
    }
}
