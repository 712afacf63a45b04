//! Extensions (`pg_extension`).

use serde::{Deserialize, Serialize};

use super::ident::Ident;

/// A version as numbers that compare: `0.8` is `0.8.0`, and older than `0.10`.
#[must_use]
pub fn version_numbers(version: &str) -> Vec<u32> {
    let numbers = version.split('.').map(|it| it.parse().unwrap_or(0));
    let mut numbers: Vec<u32> = numbers.collect();
    while numbers.last() == Some(&0) {
        numbers.pop();
    }
    numbers
}

/// An extension. Its member objects are never compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    /// `extname`.
    pub name: Ident,
    /// The namespace of its objects (`extnamespace`).
    pub namespace: Ident,
    /// `extversion`; none where any version will do.
    pub version: Option<String>,
}
