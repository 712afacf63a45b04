//! Extensions (`pg_extension`).

use serde::{Deserialize, Serialize};

use super::ident::Ident;

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
