//! Names as Python takes them.

use crate::codegen::names::{snake_case, upper_case};

/// Keywords (`keyword.kwlist`).
const KEYWORDS: &[&str] = &[
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue",
    "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import",
    "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while",
    "with", "yield",
];

/// Names that mean something else in the body of a class: types that annotations use, and modules
/// and functions that the lines below use. An attribute of such a name would hide them.
const SHADOWED: &[&str] = &[
    "bool",
    "bytes",
    "composites",
    "dict",
    "dt",
    "enums",
    "float",
    "int",
    "ipaddress",
    "list",
    "orm",
    "pg",
    "pgvector",
    "pydantic",
    "sa",
    "str",
    "support",
    "tuple",
];

/// Members of a declarative class.
const MODEL_MEMBERS: &[&str] = &["metadata", "registry"];

/// Members of `pydantic.BaseModel`.
const BASE_MODEL_MEMBERS: &[&str] = &[
    "construct",
    "copy",
    "dict",
    "from_orm",
    "json",
    "parse_file",
    "parse_obj",
    "parse_raw",
    "schema",
    "schema_json",
    "update_forward_refs",
    "validate",
];

/// Names in the module of a table and in `support`: a model of such a name would hide them.
const TAKEN: &[&str] = &[
    "Any",
    "AsyncSession",
    "Base",
    "Decimal",
    "Embedding",
    "Encoder",
    "False",
    "HalfEmbedding",
    "Hit",
    "Iterable",
    "JsonValue",
    "Key",
    "Mapped",
    "Mapping",
    "Method",
    "Metric",
    "None",
    "Page",
    "Ranked",
    "SchemaDrift",
    "Scope",
    "Search",
    "Sequence",
    "SparseVector",
    "True",
    "Where",
];

/// Files that are there anyway.
const TAKEN_MODULES: &[&str] = &["__init__", "composites", "enums", "support"];

/// Names that functions give to what is no column.
const TAKEN_ARGUMENTS: &[&str] = &[
    "after",
    "candidates",
    "cursor",
    "distance",
    "ef_search",
    "exact",
    "items",
    "itself",
    "k",
    "limit",
    "max_distance",
    "more",
    "new",
    "other",
    "patch",
    "position",
    "probes",
    "row",
    "search",
    "session",
    "values",
    "vectors",
    "where",
];

/// An attribute of a model.
pub(super) fn attribute(name: &str) -> String {
    let dunder = name.starts_with("__");
    let taken = [KEYWORDS, SHADOWED, MODEL_MEMBERS].iter().any(|it| it.contains(&name));
    if dunder || taken { format!("{name}_") } else { name.to_owned() }
}

/// A field of a Pydantic class: the column's name, unless that is taken.
pub(super) fn field(name: &str) -> String {
    let taken = [KEYWORDS, SHADOWED, BASE_MODEL_MEMBERS].iter().any(|it| it.contains(&name));
    if taken || name.starts_with("model_") || name.starts_with("__") {
        format!("{name}_")
    } else {
        name.to_owned()
    }
}

/// An argument for a column.
pub(super) fn argument(name: &str) -> String {
    let taken = [KEYWORDS, SHADOWED, TAKEN_ARGUMENTS].iter().any(|it| it.contains(&name));
    if taken { format!("{name}_") } else { name.to_owned() }
}

/// The class of a row.
pub(super) fn model(name: &str) -> String {
    if TAKEN.contains(&name) { format!("{name}Row") } else { plain(name) }
}

/// The class of an enum or a composite type.
pub(super) fn type_name(name: &str) -> String {
    if TAKEN.contains(&name) { format!("{name}Type") } else { plain(name) }
}

fn plain(name: &str) -> String {
    if KEYWORDS.contains(&name) { format!("{name}_") } else { name.to_owned() }
}

/// The file of a table.
pub(super) fn module(name: &str) -> String {
    let taken = TAKEN_MODULES.contains(&name) || KEYWORDS.contains(&name);
    if taken { format!("{name}_") } else { name.to_owned() }
}

/// A constant.
pub(super) fn constant(name: &str) -> String {
    upper_case(name)
}

/// A member of an enum. `mro` and names with underscores around them mean something to `enum`.
pub(super) fn member(label: &str) -> String {
    upper_case(label)
}

/// A member of `Scope`.
pub(super) fn scope(index: &str) -> String {
    attribute(&snake_case(index))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_step_aside() {
        assert_eq!(attribute("metadata"), "metadata_");
        assert_eq!(attribute("class"), "class_");
        assert_eq!(attribute("type"), "type");
        assert_eq!(field("metadata"), "metadata");
        assert_eq!(field("schema"), "schema_");
        assert_eq!(field("model_name"), "model_name_");
        assert_eq!(argument("session"), "session_");
        assert_eq!(model("Page"), "PageRow");
        assert_eq!(type_name("Method"), "MethodType");
        assert_eq!(model("class"), "class_");
        assert_eq!(module("class"), "class_");
        assert_eq!(member("in review"), "IN_REVIEW");
    }

    #[test]
    fn the_lists_are_sorted() {
        let lists = [KEYWORDS, SHADOWED, MODEL_MEMBERS, BASE_MODEL_MEMBERS];
        for list in lists.into_iter().chain([TAKEN, TAKEN_MODULES, TAKEN_ARGUMENTS]) {
            assert!(list.is_sorted(), "{list:?}");
        }
    }
}
