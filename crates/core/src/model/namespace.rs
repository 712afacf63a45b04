//! Namespaces: what SQL calls schemas (`pg_namespace`).

use serde::{Deserialize, Serialize};

use super::ident::Ident;

/// The comment that `initdb` gives the namespace `public`.
pub const PUBLIC_COMMENT: &str = "standard public schema";

/// A namespace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Namespace {
    /// `nspname`.
    pub name: Ident,
    /// The comment. The one that `initdb` gives `public` counts as none.
    pub comment: Option<String>,
}
