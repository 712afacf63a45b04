//! `halfvec(n)` in JSON: a list of numbers.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::half_embedding::HalfEmbedding;

impl<const N: usize> Serialize for HalfEmbedding<N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.floats())
    }
}

impl<'de, const N: usize> Deserialize<'de> for HalfEmbedding<N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let values = Vec::<f32>::deserialize(deserializer)?;
        Self::new(values).map_err(serde::de::Error::custom)
    }
}
