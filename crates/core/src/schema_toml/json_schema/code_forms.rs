//! The tables of `schema.toml` about generated code. A flat table.

use super::forms::{COMMENT, Form, Key, Shape, key};

const ORDER_TERM: Shape = Shape::Either(&[Shape::Text, Shape::Form("order_term")]);

const SKIP: Key = key("skip", Shape::Flag, "Whether no code is generated for it.");
const MODULE: Key = key("module", Shape::Text, "The name of its file.");
const ORDER: Key = key("order", Shape::List(&ORDER_TERM), "The columns that lists are sorted by.");
const DEFAULT_INDEX: Key =
    key("default_index", Shape::Text, "The vector index that `nearest` uses.");
const LIST: Key = key("list", Shape::Flag, "Whether rows have it that are read many at a time.");
const WIRE: Key = key("wire", Shape::Flag, "Whether the type that goes over the wire has it.");
const RUST_TYPE: Key = key("rust_type", Shape::Text, "The type of its field in Rust.");
const PYTHON_TYPE: Key = key("python_type", Shape::Text, "The type of its attribute in Python.");
const NULL_ELEMENTS: Key =
    key("null_elements", Shape::Flag, "Whether elements of the array may be NULL.");
const METRIC: Key = key(
    "metric",
    Shape::Words(&["l2", "inner_product", "cosine", "l1", "hamming", "jaccard"]),
    "The distance of searches, where no index says one.",
);

/// The forms.
pub(super) const CODE_FORMS: &[Form] = &[
    Form {
        name: "table_code",
        description: "Generated code of a table.",
        short: None,
        required: &[],
        keys: &[SKIP, MODULE, ORDER, DEFAULT_INDEX],
    },
    Form {
        name: "order_term",
        description: "A column that lists are sorted by.",
        short: None,
        required: &[&["name"]],
        keys: &[
            key("name", Shape::Text, "The column."),
            key("order", Shape::Words(&["asc", "desc"]), "Which end comes first."),
        ],
    },
    Form {
        name: "view_code",
        description: "Generated code of a view.",
        short: None,
        required: &[],
        keys: &[
            key("key", Shape::List(&Shape::Text), "The columns that tell two rows apart."),
            SKIP,
            MODULE,
            ORDER,
            DEFAULT_INDEX,
        ],
    },
    Form {
        name: "column_code",
        description: "Generated code of a column.",
        short: None,
        required: &[],
        keys: &[LIST, WIRE, RUST_TYPE, PYTHON_TYPE, NULL_ELEMENTS, METRIC],
    },
    Form {
        name: "view_column",
        description: "A column of a view: its comment.",
        short: Some(Shape::Text),
        required: &[],
        keys: &[
            COMMENT,
            key("attribute", Shape::Text, "The name of its field in generated code."),
            key("codegen", Shape::Form("view_column_code"), "What else generated code is to know."),
        ],
    },
    Form {
        name: "view_column_code",
        description: "Generated code of a column of a view.",
        short: None,
        required: &[],
        keys: &[
            key("not_null", Shape::Flag, "Whether it is never NULL."),
            LIST,
            WIRE,
            RUST_TYPE,
            PYTHON_TYPE,
            NULL_ELEMENTS,
            METRIC,
        ],
    },
    Form {
        name: "enum_code",
        description: "Generated code of an enum.",
        short: None,
        required: &[],
        keys: &[
            key("open", Shape::Flag, "Whether labels that are not known are kept as text."),
            key("names", Shape::Map(&Shape::Text), "The names of variants by their labels."),
        ],
    },
];
