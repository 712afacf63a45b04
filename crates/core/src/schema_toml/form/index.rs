//! Indexes.

use super::*;

form! {
    /// An entry of `indexes`.
    IndexForm = "index", "An index: its columns."
        .short(Self::COLUMNS.any, "a list of columns, or a table with `columns`")
        .required(&[&[Self::COLUMNS.any.name]]);
    COLUMNS: NonEmpty<Table<IndexKeyForm>> = "columns", "The columns and expressions.";
    METHOD: Text = "method", "The access method; by default `btree`.";
    UNIQUE: Flag = "unique", "UNIQUE: whether keys must be unique.";
    ONLY: Flag = "only", "ON ONLY: on a partitioned table, without indexes on its partitions.";
    WHERE: Text = "where", "The condition of a partial index.";
    + NULLS_NOT_DISTINCT, INCLUDE, WITH, CLUSTERED, COMMENT, RENAMED_FROM;
}

form! {
    /// A column or an expression of an index.
    IndexKeyForm = "index_key", "A column or an expression of an index."
        .short(Self::NAME.any, "a column, or a table with `name` or `expression`")
        .required(&[&[Self::NAME.any.name], &[Self::EXPRESSION.any.name]]);
    NAME: Text = "name", "The column.";
    EXPRESSION: Text = "expression", "An SQL expression.";
    METRIC: Text = "metric",
        "The distance of pgvector: l2, inner_product, cosine, l1, hamming, jaccard.";
    OPCLASS: Text = "opclass", "The operator class.";
    OPCLASS_PARAMS: Options = "opclass_params", "Parameters of the operator class.";
    ORDER: Words<Directions> = "order", "The order.";
    NULLS: Words<NullOrders> = "nulls", "NULLS FIRST or NULLS LAST.";
    + COLLATION;
}
