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
    EF_SEARCH: Integer = "ef_search", "hnsw.ef_search of searches by this index.";
    PROBES: Integer = "probes", "ivfflat.probes of searches by this index.";
    ITERATIVE_SCAN: Words<IterativeScans> = "iterative_scan",
        "What a search by this index does if too few of the rows that it found satisfy the filter.";
    RECALL: Table<RecallForm> = "recall", "What searches by this vector index must find.";
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

form! {
    /// `recall` of an index.
    RecallForm = "recall", "What searches by a vector index must find: `check --recall`."
        .required(&[&[Self::AT_LEAST.any.name]]);
    K: Integer = "k", "How many rows a search returns; by default 10.";
    AT_LEAST: Scalar = "at_least", "The share of the nearest rows that it must find, from 0 to 1.";
    WITHIN: Text = "within", "The time within which half of the searches must end, as in `5ms`.";
}
