//! Comments.

use super::row::row;

row! {
    "comments";
    /// A row of `pg_description`.
    struct CommentRow {
        class: u32,
        object: u32,
        sub_object: i32,
        /// The column, where it is on one.
        column_name: Option<String>,
        comment: String,
    }
}
