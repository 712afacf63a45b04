//! The operator classes, by which an index measures (README, "Indexing").

use super::{Metric, SMALL_TYPES, VectorMethod, VectorType};

/// An operator class of an approximate index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VectorOpclass {
    /// The access method.
    pub method: VectorMethod,
    /// The type that it accepts.
    pub accepts: VectorType,
    /// The metric.
    pub metric: Metric,
    /// Its name.
    pub name: &'static str,
}

const fn row(
    method: VectorMethod,
    accepts: VectorType,
    metric: Metric,
    name: &'static str,
) -> VectorOpclass {
    VectorOpclass { method, accepts, metric, name }
}

/// All of them. HNSW has no default; the default of IVFFlat is `vector_l2_ops` for `vector`.
const ALL: &[VectorOpclass] = &[
    row(VectorMethod::Hnsw, VectorType::Vector, Metric::L2, "vector_l2_ops"),
    row(VectorMethod::Hnsw, VectorType::Vector, Metric::InnerProduct, "vector_ip_ops"),
    row(VectorMethod::Hnsw, VectorType::Vector, Metric::Cosine, "vector_cosine_ops"),
    row(VectorMethod::Hnsw, VectorType::Vector, Metric::L1, "vector_l1_ops"),
    row(VectorMethod::Hnsw, VectorType::Halfvec, Metric::L2, "halfvec_l2_ops"),
    row(VectorMethod::Hnsw, VectorType::Halfvec, Metric::InnerProduct, "halfvec_ip_ops"),
    row(VectorMethod::Hnsw, VectorType::Halfvec, Metric::Cosine, "halfvec_cosine_ops"),
    row(VectorMethod::Hnsw, VectorType::Halfvec, Metric::L1, "halfvec_l1_ops"),
    row(VectorMethod::Hnsw, VectorType::Sparsevec, Metric::L2, "sparsevec_l2_ops"),
    row(VectorMethod::Hnsw, VectorType::Sparsevec, Metric::InnerProduct, "sparsevec_ip_ops"),
    row(VectorMethod::Hnsw, VectorType::Sparsevec, Metric::Cosine, "sparsevec_cosine_ops"),
    row(VectorMethod::Hnsw, VectorType::Sparsevec, Metric::L1, "sparsevec_l1_ops"),
    row(VectorMethod::Hnsw, VectorType::Bit, Metric::Hamming, "bit_hamming_ops"),
    row(VectorMethod::Hnsw, VectorType::Bit, Metric::Jaccard, "bit_jaccard_ops"),
    row(VectorMethod::Ivfflat, VectorType::Vector, Metric::L2, "vector_l2_ops"),
    row(VectorMethod::Ivfflat, VectorType::Vector, Metric::InnerProduct, "vector_ip_ops"),
    row(VectorMethod::Ivfflat, VectorType::Vector, Metric::Cosine, "vector_cosine_ops"),
    row(VectorMethod::Ivfflat, VectorType::Halfvec, Metric::L2, "halfvec_l2_ops"),
    row(VectorMethod::Ivfflat, VectorType::Halfvec, Metric::InnerProduct, "halfvec_ip_ops"),
    row(VectorMethod::Ivfflat, VectorType::Halfvec, Metric::Cosine, "halfvec_cosine_ops"),
    row(VectorMethod::Ivfflat, VectorType::Bit, Metric::Hamming, "bit_hamming_ops"),
];

impl VectorOpclass {
    /// Whether the server takes it when none is named.
    #[must_use]
    pub fn is_default(&self) -> bool {
        self.method == VectorMethod::Ivfflat
            && self.accepts == VectorType::Vector
            && self.metric == Metric::L2
    }

    /// The version of pgvector that brought it; none where it came with its access method.
    #[must_use]
    pub fn since(&self) -> Option<&'static str> {
        let later = self.accepts != VectorType::Vector || self.metric == Metric::L1;
        later.then_some(SMALL_TYPES)
    }
}

/// Those that an access method has for a type.
pub fn opclasses(
    method: VectorMethod,
    accepts: VectorType,
) -> impl Iterator<Item = &'static VectorOpclass> {
    ALL.iter().filter(move |it| it.method == method && it.accepts == accepts)
}

/// Those of this name, whatever the access method.
pub fn opclasses_named(name: &str) -> impl Iterator<Item = &'static VectorOpclass> {
    ALL.iter().filter(move |it| it.name == name)
}

/// The operator class of a btree over a type; it is the default. That of `bit` is the server's own.
#[must_use]
pub fn btree_opclass(accepts: VectorType) -> &'static str {
    match accepts {
        VectorType::Vector => "vector_ops",
        VectorType::Halfvec => "halfvec_ops",
        VectorType::Sparsevec => "sparsevec_ops",
        VectorType::Bit => "bit_ops",
    }
}

/// Whether the extension brings an operator class of this name.
#[must_use]
pub fn is_opclass(name: &str) -> bool {
    let brought = VectorType::BROUGHT.into_iter().filter_map(VectorType::named);
    opclasses_named(name).next().is_some() || brought.map(btree_opclass).any(|it| it == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_type_and_metric() {
        for it in ALL {
            let metric = it.metric.in_opclasses();
            assert_eq!(it.name, format!("{}_{metric}_ops", it.accepts.name()));
            assert_eq!(Metric::of_opclass(it.name), Some(it.metric));
        }
    }
}
