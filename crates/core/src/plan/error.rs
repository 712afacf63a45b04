//! Why a difference cannot be planned.

use crate::model::ident::{Ident, QualifiedName};
use crate::model::object::ObjectId;
use crate::model::pg_type::PgType;
use crate::model::sequence::ColumnRef;

/// A difference that needs a decision, or that aludel cannot express.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// No cast leads from one type to the other.
    #[error(
        "no cast turns the values of column `{}.{}` from `{from}` into `{to}`",
        column.table,
        column.column
    )]
    NoCast {
        /// The column.
        column: ColumnRef,
        /// Its type now.
        from: PgType,
        /// Its type then.
        to: PgType,
    },
    /// Stored vectors have no other dimensions than those they were made with.
    #[error(
        "column `{}.{}` would change from `{from}` to `{to}`: stored embeddings cannot be \
         converted to other dimensions",
        column.table,
        column.column
    )]
    Dimensions {
        /// The column.
        column: ColumnRef,
        /// Its type now.
        from: PgType,
        /// Its type then.
        to: PgType,
    },
    /// There is no way by a second column.
    #[error(
        "the type of column `{}.{}` cannot be changed by adding a second column: {reason}",
        column.table,
        column.column
    )]
    NotExpanded {
        /// The column.
        column: ColumnRef,
        /// Why not.
        reason: String,
    },
    /// The installed extension does not have it yet.
    #[error("{id} needs {feature}, available since pgvector {since}; {installed} is installed")]
    ExtensionTooOld {
        /// The object.
        id: ObjectId,
        /// What it uses.
        feature: String,
        /// The version that brought it.
        since: String,
        /// `pg_extension.extversion`.
        installed: String,
    },
    /// Fields that nothing knows how to change.
    #[error("{id} differs in {fields}, which aludel cannot change", fields = fields.join(", "))]
    Leftover {
        /// The object.
        id: ObjectId,
        /// The fields.
        fields: Vec<String>,
    },
    /// A table that is partitioned, or no longer, or otherwise; or one that becomes foreign.
    #[error("the rows of {id} would have to be moved to other tables")]
    RowsWouldMove {
        /// The table.
        id: ObjectId,
    },
    /// A row type keeps its types while a column holds its rows.
    #[error(
        "the type of column `{}.{}` cannot be changed: column `{}.{}` has the row type of its table",
        column.table,
        column.column,
        holder.table,
        holder.column
    )]
    RowType {
        /// The column.
        column: ColumnRef,
        /// The column that holds rows of the table.
        holder: ColumnRef,
    },
    /// PostgreSQL keeps the type of a partition key.
    #[error(
        "{}: column `{}.{}` is part of the partition key of table {table}",
        kept_type(from, to),
        column.table,
        column.column
    )]
    PartitionKey {
        /// The column.
        column: ColumnRef,
        /// The partitioned table.
        table: QualifiedName,
        /// Its type now.
        from: PgType,
        /// Its type then: one of the same name, where the type itself is replaced.
        to: PgType,
    },
    /// What is a child's own column stays that.
    #[error(
        "column `{}.{}` is declared in its table: PostgreSQL cannot make it an inherited-only \
         column",
        column.table,
        column.column
    )]
    OwnColumn {
        /// The column.
        column: ColumnRef,
    },
    /// Columns keep their order, and OF asks for that of the type.
    #[error("{id} has its columns in a different order than type {of_type}")]
    ColumnOrder {
        /// The table.
        id: ObjectId,
        /// The type.
        of_type: QualifiedName,
    },
    /// The name of a constraint that a parent hands down.
    #[error(
        "the NOT NULL constraint of column `{}.{}` is inherited, and PostgreSQL cannot rename it \
         from `{from}` to `{to}`",
        column.table,
        column.column
    )]
    InheritedName {
        /// The column.
        column: ColumnRef,
        /// The name now.
        from: Ident,
        /// The name then.
        to: Ident,
    },
    /// Objects that need each other in a cycle.
    #[error("these changes depend on each other in a cycle: {}", ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))]
    Cycle {
        /// The objects.
        ids: Vec<ObjectId>,
    },
}

impl PlanError {
    /// The object at fault, by its identity in the declaration.
    #[must_use]
    pub fn object(&self) -> Option<ObjectId> {
        use crate::model::object::ObjectKind;
        match self {
            Self::NoCast { column, .. }
            | Self::Dimensions { column, .. }
            | Self::PartitionKey { column, .. }
            | Self::RowType { column, .. }
            | Self::NotExpanded { column, .. }
            | Self::OwnColumn { column }
            | Self::InheritedName { column, .. } => {
                Some(ObjectId::child(ObjectKind::Column, &column.table, &column.column))
            }
            Self::Leftover { id, .. }
            | Self::ExtensionTooOld { id, .. }
            | Self::ColumnOrder { id, .. }
            | Self::RowsWouldMove { id } => Some(id.clone()),
            Self::Cycle { ids } => ids.first().cloned(),
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn hints(&self) -> Vec<String> {
        match self {
            Self::NoCast { column, to, .. } => vec![format!(
                "give the conversion in schema.toml: using = \"an SQL expression over {} of type \
                 {to}\"",
                column.column
            )],
            Self::Dimensions { column, to, .. } => vec![
                format!(
                    "to keep the old embeddings while new ones are computed: on_change = \
                     \"expand\" adds a column {}_new, and later on_change = \"swap\" replaces the \
                     old column by it",
                    column.column
                ),
                "to discard the old embeddings: on_change = \"discard\"".to_owned(),
                format!(
                    "to compute the new values from the old ones: using = \"an SQL expression over \
                     {} of type {to}\"",
                    column.column
                ),
            ],
            Self::NotExpanded { .. } => vec![
                "remove on_change: the table is then rewritten, while reads and writes wait"
                    .to_owned(),
            ],
            Self::ExtensionTooOld { since, .. } => vec![format!(
                "install a later pgvector on the server, then declare its version, so that ALTER \
                 EXTENSION runs first: vector = \"{since}\" in [extensions]"
            )],
            Self::Leftover { .. } => {
                vec!["write this change by hand: aludel revision -m …".to_owned()]
            }
            Self::RowsWouldMove { id } | Self::ColumnOrder { id, .. } => vec![format!(
                "declare the new table under another name, move the rows by hand, then drop \
                     {} and rename the new one with renamed_from",
                id.name
            )],
            Self::RowType { holder, .. } => vec![format!(
                "first move the values of column {}.{} to columns of other types",
                holder.table, holder.column
            )],
            Self::OwnColumn { column } => vec![format!(
                "declare {} in {}, too, with its type: it is still inherited",
                column.column, column.table
            )],
            Self::InheritedName { column, from, .. } => vec![format!(
                "keep the name: not_null_constraint = \"{}\"; or remove {} from its parent (NO \
                 INHERIT), rename the constraint, and add it again",
                from.as_str(),
                column.table
            )],
            Self::PartitionKey { table, .. } => vec![format!(
                "declare the new table under another name, move the rows by hand, then drop {} and \
                 rename the new one with renamed_from",
                table.name
            )],
            Self::Cycle { .. } => {
                vec!["split the change: leave one of them out of this revision".to_owned()]
            }
        }
    }
}

/// Why the type of a partition key cannot be what is wanted.
fn kept_type(from: &PgType, to: &PgType) -> String {
    if from == to {
        format!("type `{to}` cannot be replaced by a new definition")
    } else {
        format!("`{from}` cannot be changed to `{to}`")
    }
}
