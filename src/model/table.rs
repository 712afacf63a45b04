//! Tables (`pg_class`), without their columns, constraints and indexes, which are objects of their own.

use serde::{Deserialize, Serialize};

use super::ident::{Ident, QualifiedName};
use super::options::Options;

/// An ordinary table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// The name.
    pub name: QualifiedName,
    /// `relpersistence`.
    pub persistence: Persistence,
    /// Storage parameters (`reloptions`; those of the TOAST table with the prefix `toast.`).
    pub options: Options,
    /// Row security (`relrowsecurity`, `relforcerowsecurity`).
    pub row_security: RowSecurity,
    /// `relreplident`.
    pub replica_identity: ReplicaIdentity,
    /// The comment.
    pub comment: Option<String>,
}

impl Table {
    /// A permanent table with nothing special.
    #[must_use]
    pub fn new(name: QualifiedName) -> Self {
        Self {
            name,
            persistence: Persistence::Permanent,
            options: Options::default(),
            row_security: RowSecurity::Disabled,
            replica_identity: ReplicaIdentity::Default,
            comment: None,
        }
    }
}

/// Whether changes are written to the write-ahead log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Persistence {
    /// The usual.
    Permanent,
    /// UNLOGGED: emptied after a crash.
    Unlogged,
}

/// Row security of a table (manual section 5.9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowSecurity {
    /// Policies are ignored.
    Disabled,
    /// Policies bind everyone but the owner.
    Enabled,
    /// Policies bind the owner too.
    Forced,
    /// FORCE is set while row security is off; it has no effect until enabled.
    DisabledForced,
}

/// What identifies a row in logical replication (ALTER TABLE … REPLICA IDENTITY).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReplicaIdentity {
    /// The primary key.
    Default,
    /// The whole row.
    Full,
    /// Nothing.
    Nothing,
    /// The columns of this index.
    Index(Ident),
}
