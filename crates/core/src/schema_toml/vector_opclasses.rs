//! pgvector's operator classes and the metrics that choose them (pgvector README, "Indexing").

use crate::model::pg_type::VectorType;

/// The metrics, the name of each as operator classes spell it, and the operator it stands for.
pub(super) const METRICS: [(&str, &str); 6] = [
    ("l2", "l2"),
    ("inner_product", "ip"),
    ("cosine", "cosine"),
    ("l1", "l1"),
    ("hamming", "hamming"),
    ("jaccard", "jaccard"),
];

/// What people call the metrics elsewhere.
const OTHER_WORDS: [(&str, &str); 10] = [
    ("cos", "cosine"),
    ("cosine_distance", "cosine"),
    ("cosine_similarity", "cosine"),
    ("dot", "inner_product"),
    ("dot_product", "inner_product"),
    ("euclidean", "l2"),
    ("ip", "inner_product"),
    ("innerproduct", "inner_product"),
    ("manhattan", "l1"),
    ("taxicab", "l1"),
];

/// An operator class of an approximate index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct VectorOpclass {
    /// `hnsw` or `ivfflat`.
    pub(super) method: &'static str,
    /// The type that it accepts.
    pub(super) accepts: VectorType,
    /// The metric.
    pub(super) metric: &'static str,
    /// Its name.
    pub(super) name: &'static str,
}

const fn row(
    method: &'static str,
    accepts: VectorType,
    metric: &'static str,
    name: &'static str,
) -> VectorOpclass {
    VectorOpclass { method, accepts, metric, name }
}

/// All of them. HNSW has no default; the default of IVFFlat is `vector_l2_ops` for `vector`.
const ALL: &[VectorOpclass] = &[
    row("hnsw", VectorType::Vector, "l2", "vector_l2_ops"),
    row("hnsw", VectorType::Vector, "inner_product", "vector_ip_ops"),
    row("hnsw", VectorType::Vector, "cosine", "vector_cosine_ops"),
    row("hnsw", VectorType::Vector, "l1", "vector_l1_ops"),
    row("hnsw", VectorType::Halfvec, "l2", "halfvec_l2_ops"),
    row("hnsw", VectorType::Halfvec, "inner_product", "halfvec_ip_ops"),
    row("hnsw", VectorType::Halfvec, "cosine", "halfvec_cosine_ops"),
    row("hnsw", VectorType::Halfvec, "l1", "halfvec_l1_ops"),
    row("hnsw", VectorType::Sparsevec, "l2", "sparsevec_l2_ops"),
    row("hnsw", VectorType::Sparsevec, "inner_product", "sparsevec_ip_ops"),
    row("hnsw", VectorType::Sparsevec, "cosine", "sparsevec_cosine_ops"),
    row("hnsw", VectorType::Sparsevec, "l1", "sparsevec_l1_ops"),
    row("hnsw", VectorType::Bit, "hamming", "bit_hamming_ops"),
    row("hnsw", VectorType::Bit, "jaccard", "bit_jaccard_ops"),
    row("ivfflat", VectorType::Vector, "l2", "vector_l2_ops"),
    row("ivfflat", VectorType::Vector, "inner_product", "vector_ip_ops"),
    row("ivfflat", VectorType::Vector, "cosine", "vector_cosine_ops"),
    row("ivfflat", VectorType::Halfvec, "l2", "halfvec_l2_ops"),
    row("ivfflat", VectorType::Halfvec, "inner_product", "halfvec_ip_ops"),
    row("ivfflat", VectorType::Halfvec, "cosine", "halfvec_cosine_ops"),
    row("ivfflat", VectorType::Bit, "hamming", "bit_hamming_ops"),
];

/// The default operator class of IVFFlat for `vector`.
const IVFFLAT_DEFAULT: &str = "vector_l2_ops";

impl VectorOpclass {
    /// Whether the server takes it when none is named.
    pub(super) fn is_default(&self) -> bool {
        self.method == "ivfflat" && self.name == IVFFLAT_DEFAULT
    }
}

/// Those that an access method has for a type.
pub(super) fn of(
    method: &str,
    accepts: VectorType,
) -> impl Iterator<Item = &'static VectorOpclass> {
    ALL.iter().filter(move |it| it.method == method && it.accepts == accepts)
}

/// Those of this name, whatever the access method.
pub(super) fn named(name: &str) -> impl Iterator<Item = &'static VectorOpclass> {
    ALL.iter().filter(move |it| it.name == name)
}

/// The operator class of a btree over a vector type; it is the default.
pub(super) fn btree(accepts: VectorType) -> &'static str {
    match accepts {
        VectorType::Vector => "vector_ops",
        VectorType::Halfvec => "halfvec_ops",
        VectorType::Sparsevec => "sparsevec_ops",
        VectorType::Bit => "bit_ops",
    }
}

/// The metric that another word stands for.
pub(super) fn metric_for(word: &str) -> Option<&'static str> {
    let word = word.to_lowercase();
    OTHER_WORDS.iter().find(|(other, _)| *other == word).map(|(_, metric)| *metric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_type_and_metric() {
        for it in ALL {
            let short = METRICS.iter().find(|(metric, _)| *metric == it.metric).expect("a metric");
            assert_eq!(it.name, format!("{}_{}_ops", it.accepts.name(), short.1));
        }
    }

    #[test]
    fn other_words_lead_to_metrics() {
        for (_, metric) in OTHER_WORDS {
            assert!(METRICS.iter().any(|(known, _)| *known == metric));
        }
    }
}
