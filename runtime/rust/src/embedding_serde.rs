//! `vector(n)` in JSON: a list of numbers.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::embedding::Embedding;

impl<const N: usize> Serialize for Embedding<N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.as_slice().iter())
    }
}

impl<'de, const N: usize> Deserialize<'de> for Embedding<N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let values = Vec::<f32>::deserialize(deserializer)?;
        Self::new(values).map_err(serde::de::Error::custom)
    }
}
