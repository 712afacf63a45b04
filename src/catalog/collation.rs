//! Collations by their OIDs.

use super::row::row;

row! {
    "collations";
    /// The name of a collation.
    struct CollationRow {
        oid: u32,
        namespace: String,
        name: String,
    }
}
