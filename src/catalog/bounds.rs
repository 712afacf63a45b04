//! The bounds of partitions as conditions.

use super::row::row;
use crate::model::ident::QualifiedName;
use crate::model::snapshot::Bounds;

row! {
    "bounds";
    /// A partition, and what its rows obey (`pg_get_partition_constraintdef`).
    struct BoundRow {
        namespace: String,
        name: String,
        condition: Option<String>,
    }
}

/// The conditions by partition.
pub(super) fn read(rows: Vec<BoundRow>) -> Bounds {
    let bound = |row: BoundRow| {
        let table = QualifiedName::new(row.namespace.as_str(), row.name.as_str());
        row.condition.map(|it| (table, it))
    };
    rows.into_iter().filter_map(bound).collect::<Vec<_>>().into()
}
