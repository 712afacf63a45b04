//! Tables (`pg_class`), without their columns, constraints and indexes, which are separate objects.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::definition::Firing;
use super::ident::{Ident, QualifiedName};
use super::options::Options;

/// A table: ordinary, partitioned, a partition, foreign, or of a type.
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
    /// PARTITION BY (`pg_get_partkeydef`): `RANGE (created_at)`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partition_by: Option<String>,
    /// PARTITION OF.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partition_of: Option<PartitionOf>,
    /// INHERITS, in the order of `pg_inherits`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inherits: Vec<QualifiedName>,
    /// OF: the composite type that gives the columns (`reloftype`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of_type: Option<QualifiedName>,
    /// The table access method (`relam`), where it is not `heap`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_method: Option<Ident>,
    /// Where a foreign table has its rows (`pg_foreign_table`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub foreign: Option<Foreign>,
    /// The names of indexes that are attached to those of the parent, where they are not what
    /// PostgreSQL makes up: the parent's index, and the own one.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attached: BTreeMap<Ident, Ident>,
    /// When triggers fire that come from the parent, where that is not when the parent's own do
    /// (`pg_trigger.tgenabled`).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub inherited_triggers: BTreeMap<Ident, Firing>,
    /// The comment.
    pub comment: Option<String>,
}

/// What makes a table a partition (`relispartition`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartitionOf {
    /// The partitioned table.
    pub parent: QualifiedName,
    /// The bound, as PostgreSQL prints it (`relpartbound`): `FOR VALUES IN ('a')`, `DEFAULT`.
    pub bound: String,
}

/// Where a foreign table has its rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Foreign {
    /// The server.
    pub server: Ident,
    /// What the foreign-data wrapper is told (`ftoptions`).
    pub options: Options,
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
            partition_by: None,
            partition_of: None,
            inherits: Vec::new(),
            of_type: None,
            access_method: None,
            foreign: None,
            attached: BTreeMap::new(),
            inherited_triggers: BTreeMap::new(),
            comment: None,
        }
    }

    /// The tables that it has its columns from.
    pub fn parents(&self) -> impl Iterator<Item = &QualifiedName> {
        self.partition_of.iter().map(|it| &it.parent).chain(&self.inherits)
    }

    /// Whether another thing than the table itself can say what its columns are.
    #[must_use]
    pub fn has_ancestors(&self) -> bool {
        self.partition_of.is_some() || !self.inherits.is_empty() || self.of_type.is_some()
    }

    /// Whether both have their columns and rows in the same inheritance, at the same place.
    #[must_use]
    pub fn has_same_parents(&self, other: &Self) -> bool {
        self.partition_of == other.partition_of
            && self.inherits == other.inherits
            && self.of_type == other.of_type
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
