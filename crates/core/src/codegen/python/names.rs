//! Identifiers in Python.

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
    "Any",
    "Decimal",
    "JsonValue",
    "Mapped",
    "SparseVector",
    "UUID",
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
    "mapped_column",
    "np",
    "object",
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

/// Members of `pydantic.BaseModel` and its metaclass; those that begin with `model_` are told by that.
const BASE_MODEL_MEMBERS: &[&str] = &[
    "construct",
    "copy",
    "dict",
    "from_orm",
    "json",
    "mro",
    "parse_file",
    "parse_obj",
    "parse_raw",
    "register",
    "schema",
    "schema_json",
    "update_forward_refs",
    "validate",
];

/// Names in the module of a table and in the index, and what of `support` is imported beside models:
/// a model of such a name would hide them.
const TAKEN: &[&str] = &[
    "Annotated",
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
    "TABLE",
    "True",
    "UUID",
    "Where",
    "_rows",
    "_written",
    "count",
    "delete",
    "delete_where",
    "get",
    "get_full",
    "get_many",
    "hybrid",
    "insert",
    "insert_many",
    "list_page",
    "make_engine",
    "make_sessions",
    "nearest",
    "partial",
    "update",
    "upsert",
    "verify",
];

/// Files that are there anyway.
const TAKEN_MODULES: &[&str] =
    &["__init__", "composites", "enums", "make_engine", "make_sessions", "support"];

/// An attribute of a model.
pub(super) fn attribute(name: &str) -> String {
    let reserved = name.starts_with("__") || name.starts_with("_sa_");
    let taken = [KEYWORDS, SHADOWED, MODEL_MEMBERS].iter().any(|it| it.contains(&name));
    if reserved || taken { format!("{name}_") } else { name.to_owned() }
}

/// A field of a Pydantic class: the column's name, unless that is taken.
pub(super) fn field(name: &str) -> String {
    let taken = [KEYWORDS, SHADOWED, BASE_MODEL_MEMBERS].iter().any(|it| it.contains(&name));
    // Pydantic takes nothing that begins with an underscore for a field.
    let bare = name.trim_start_matches('_');
    if taken || name.starts_with("model_") || bare != name {
        format!("{bare}_")
    } else {
        name.to_owned()
    }
}

/// The class of a row.
pub(super) fn model(name: &str) -> String {
    if is_taken(name) { format!("{name}Row") } else { plain(name) }
}

/// The class of an enum or a composite type.
pub(super) fn type_name(name: &str) -> String {
    if is_taken(name) { format!("{name}Type") } else { plain(name) }
}

fn is_taken(name: &str) -> bool {
    TAKEN.contains(&name) || SHADOWED.contains(&name)
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
    use super::super::needs::Import;
    use super::super::shared::EXPORTED;
    use super::*;

    #[test]
    fn names_step_aside() {
        assert_eq!(attribute("metadata"), "metadata_");
        assert_eq!(attribute("class"), "class_");
        assert_eq!(attribute("type"), "type");
        assert_eq!(field("metadata"), "metadata");
        assert_eq!(field("schema"), "schema_");
        assert_eq!(field("model_name"), "model_name_");
        assert_eq!(field("register"), "register_");
        assert_eq!(field("mro"), "mro_");
        assert_eq!(field("_id"), "id_");
        assert_eq!(model("Page"), "PageRow");
        assert_eq!(type_name("Method"), "MethodType");
        assert_eq!(model("class"), "class_");
        assert_eq!(module("class"), "class_");
        assert_eq!(member("in review"), "IN_REVIEW");
    }

    /// What a template defines at the top, as far as the names are its own.
    fn defined(template: &str) -> Vec<&str> {
        let keywords = ["class ", "async def ", "def "];
        let lines = template.lines().filter(|it| !it.starts_with(char::is_whitespace));
        let names = lines.filter_map(|line| {
            let bare = keywords.iter().find_map(|it| line.strip_prefix(it)).unwrap_or(line);
            let word = |it: char| it.is_alphanumeric() || it == '_';
            let end = bare.find(|it| !word(it)).unwrap_or(bare.len());
            let defines = bare.len() < line.len() || bare[end..].starts_with([':', ' ']);
            let assigns = bare[end..].contains(" = ") || bare.len() < line.len();
            let own = end > 0 && !bare[end..].starts_with("{{") && !bare[..end].ends_with('_');
            (defines && assigns && own).then_some(&bare[..end])
        });
        names.collect()
    }

    #[test]
    fn everything_in_a_module_is_taken() {
        let template = include_str!("../../../templates/python/table.py");
        let names = defined(template);
        assert!(names.contains(&"Scope") && names.contains(&"hybrid"), "{names:?}");
        let imported = Import::NAMED.into_iter().map(|it| it.0);
        for name in names.into_iter().chain(imported).chain(EXPORTED) {
            assert!(is_taken(name), "{name}");
        }
        for name in EXPORTED.iter().filter(|it| it.starts_with(char::is_lowercase)) {
            assert!(TAKEN_MODULES.contains(name), "{name}");
        }
    }

    #[test]
    fn the_lists_are_sorted() {
        let lists = [KEYWORDS, SHADOWED, MODEL_MEMBERS, BASE_MODEL_MEMBERS];
        for list in lists.into_iter().chain([TAKEN, TAKEN_MODULES]) {
            assert!(list.is_sorted(), "{list:?}");
        }
    }
}
