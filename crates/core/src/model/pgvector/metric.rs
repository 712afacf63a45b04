//! Distances, and the operators that compute them (README, "Querying").

/// A distance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metric {
    /// Euclidean.
    L2,
    /// The inner product, negated so that less is nearer.
    InnerProduct,
    /// One less the cosine of the angle.
    Cosine,
    /// The sum of the differences.
    L1,
    /// How many bits differ.
    Hamming,
    /// One less the share of common bits.
    Jaccard,
}

/// What people call the metrics elsewhere.
const OTHER_WORDS: [(&str, Metric); 10] = [
    ("cos", Metric::Cosine),
    ("cosine_distance", Metric::Cosine),
    ("cosine_similarity", Metric::Cosine),
    ("dot", Metric::InnerProduct),
    ("dot_product", Metric::InnerProduct),
    ("euclidean", Metric::L2),
    ("ip", Metric::InnerProduct),
    ("innerproduct", Metric::InnerProduct),
    ("manhattan", Metric::L1),
    ("taxicab", Metric::L1),
];

impl Metric {
    /// The metrics by the words that schema.toml has for them.
    pub const WORDS: &'static [(&'static str, Self)] = &[
        ("l2", Self::L2),
        ("inner_product", Self::InnerProduct),
        ("cosine", Self::Cosine),
        ("l1", Self::L1),
        ("hamming", Self::Hamming),
        ("jaccard", Self::Jaccard),
    ];

    /// The metric of a word.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|it| it.0 == word).map(|it| it.1)
    }

    /// The metric that another word stands for.
    #[must_use]
    pub fn meant_by(word: &str) -> Option<Self> {
        let word = word.to_lowercase();
        OTHER_WORDS.iter().find(|(other, _)| *other == word).map(|(_, metric)| *metric)
    }

    /// The metric of an operator class, by the end of its name.
    #[must_use]
    pub fn of_opclass(name: &str) -> Option<Self> {
        let (_, metric) = name.strip_suffix("_ops")?.rsplit_once('_')?;
        Self::WORDS.iter().map(|it| it.1).find(|it| it.in_opclasses() == metric)
    }

    /// As `metric` of schema.toml has it.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|it| it.1 == self).expect("every metric has a word").0
    }

    /// As the names of operator classes have it: `vector_cosine_ops`.
    #[must_use]
    pub fn in_opclasses(self) -> &'static str {
        match self {
            Self::InnerProduct => "ip",
            Self::L2 | Self::Cosine | Self::L1 | Self::Hamming | Self::Jaccard => self.word(),
        }
    }

    /// The operator that computes it.
    #[must_use]
    pub fn operator(self) -> &'static str {
        match self {
            Self::L2 => "<->",
            Self::InnerProduct => "<#>",
            Self::Cosine => "<=>",
            Self::L1 => "<+>",
            Self::Hamming => "<~>",
            Self::Jaccard => "<%>",
        }
    }

    /// In a sentence.
    #[must_use]
    pub fn phrase(self) -> &'static str {
        match self {
            Self::L2 => "Euclidean distance",
            Self::InnerProduct => "negative inner product",
            Self::Cosine => "cosine distance",
            Self::L1 => "taxicab distance",
            Self::Hamming => "Hamming distance",
            Self::Jaccard => "Jaccard distance",
        }
    }

    /// Whether one dimension is too few for IVFFlat: vectors are normalized there, and all of one
    /// dimension would be the same (`ivfflat.c`, "dimensions must be greater than one for this
    /// opclass").
    #[must_use]
    pub fn is_of_directions(self) -> bool {
        matches!(self, Self::InnerProduct | Self::Cosine)
    }
}
