//! Generated code.

use super::*;

form! {
    /// `codegen` of a table.
    TableCodeForm = "table_code", "Generated code of a table.";
    SKIP: Flag = "skip", "Whether to generate no code for it.";
    ONLY: List<Words<CodeParts>> = "only", "The parts of its code.";
    MODULE: Text = "module", "The name of its file.";
    ORDER: List<Table<OrderTermForm>> = "order", "The columns by which lists are sorted.";
    DEFAULT_INDEX: Text = "default_index", "The vector index that `nearest` uses.";
}

form! {
    /// A column that lists are sorted by.
    OrderTermForm = "order_term", "A column by which lists are sorted."
        .short_at_keys(Self::NAME.any, "a column, or a table with `name`")
        .required(&[&[Self::NAME.any.name]]);
    NAME: Text = "name", "The column.";
    ORDER: Words<Directions> = "order", "The sort order.";
}

form! {
    /// `codegen` of a view.
    ViewCodeForm = "view_code", "Generated code of a view.";
    KEY: Names = "key", "The columns that identify a row.";
    + TableCodeForm::SKIP, TableCodeForm::ONLY, TableCodeForm::MODULE, TableCodeForm::ORDER,
        TableCodeForm::DEFAULT_INDEX;
}

form! {
    /// `codegen` of a column.
    ColumnCodeForm = "column_code", "Generated code of a column.";
    LIST: Flag = "list", "Whether lists of rows contain it.";
    WIRE: Flag = "wire", "Whether the serialized type contains it.";
    RUST_TYPE: Text = "rust_type", "The type of its field in Rust.";
    PYTHON_TYPE: Text = "python_type", "The type of its attribute in Python.";
    NULL_ELEMENTS: Flag = "null_elements", "Whether elements of the array may be NULL.";
    METRIC: Words<Metrics> = "metric", "The distance metric of searches if no index sets one.";
}

form! {
    /// An entry of `columns` of a view.
    ViewColumnForm = "view_column", "A column of a view: its comment."
        .short(COMMENT.any, "a comment, or a table with `comment` or `codegen`");
    CODEGEN: Table<ViewColumnCodeForm> = "codegen", "Further settings of generated code.";
    + COMMENT, ATTRIBUTE;
}

form! {
    /// `codegen` of a column of a view.
    ViewColumnCodeForm = "view_column_code", "Generated code of a column of a view.";
    NOT_NULL: Flag = "not_null", "Whether it is never NULL.";
    + ColumnCodeForm::LIST, ColumnCodeForm::WIRE, ColumnCodeForm::RUST_TYPE,
        ColumnCodeForm::PYTHON_TYPE, ColumnCodeForm::NULL_ELEMENTS, ColumnCodeForm::METRIC;
}

form! {
    /// `codegen` of an enum.
    EnumCodeForm = "enum_code", "Generated code of an enum.";
    OPEN: Flag = "open", "Whether unknown labels are kept as text.";
    NAMES: Map<Text> = "names", "The names of variants by their labels.";
}
