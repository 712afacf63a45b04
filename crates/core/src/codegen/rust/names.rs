//! Identifiers in Rust.

use crate::codegen::names::{pascal_case, upper_case};

/// Keywords, strict and reserved, that can be names when they are raw (The Rust Reference,
/// "Keywords"; edition 2024).
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
    "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return",
    "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];

/// Keywords that no raw identifier can be.
const NEVER_RAW: &[&str] = &["Self", "_", "crate", "self", "super"];

/// Types that the module of a table has beside those of the table itself, and those of the prelude:
/// a row type of such a name would hide them.
const TAKEN: &[&str] = &[
    "Bits",
    "Box",
    "C",
    "Candidates",
    "Clone",
    "Column",
    "ColumnInfo",
    "Cond",
    "Copy",
    "Debug",
    "Default",
    "Deserialize",
    "Drop",
    "Embedding",
    "Eq",
    "Err",
    "Error",
    "Filter",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "FromSql",
    "Given",
    "HalfEmbedding",
    "Hit",
    "Hybrid",
    "Indexed",
    "Into",
    "IterativeScan",
    "Iterator",
    "Method",
    "Metric",
    "Nearest",
    "New",
    "None",
    "NotNull",
    "Nullable",
    "Ok",
    "Option",
    "Ord",
    "Page",
    "Params",
    "PartialEq",
    "PartialOrd",
    "Ranked",
    "Result",
    "Row",
    "Scope",
    "Search",
    "Self",
    "Send",
    "Serialize",
    "Session",
    "Sized",
    "Some",
    "SparseEmbedding",
    "String",
    "Sync",
    "Table",
    "This",
    "ToOwned",
    "ToSql",
    "ToString",
    "TryFrom",
    "TryInto",
    "Vec",
];

/// Modules that are there anyway.
const TAKEN_MODULES: &[&str] = &["composites", "enums", "lib", "macros", "main", "mod", "support"];

/// Names that generated functions give to what is no column.
const TAKEN_ARGUMENTS: &[&str] =
    &["client", "full", "key", "keys", "new", "opts", "patch", "query", "rows", "support"];

/// A field.
pub(super) fn field(name: &str) -> String {
    if NEVER_RAW.contains(&name) {
        format!("{name}_")
    } else if KEYWORDS.contains(&name) {
        format!("r#{name}")
    } else {
        name.to_owned()
    }
}

/// An argument for a column: as the field, but out of the way of the other arguments.
pub(super) fn argument(name: &str) -> String {
    if TAKEN_ARGUMENTS.contains(&name) { format!("{name}_") } else { field(name) }
}

/// The type of a row.
pub(super) fn model(name: &str) -> String {
    if TAKEN.contains(&name) { format!("{name}Row") } else { plain(name) }
}

/// The type of an enum or a composite type.
pub(super) fn type_name(name: &str) -> String {
    if TAKEN.contains(&name) { format!("{name}Type") } else { plain(name) }
}

/// A name that must not be raw, as those of types and variants are everywhere.
fn plain(name: &str) -> String {
    let keyword = KEYWORDS.contains(&name) || NEVER_RAW.contains(&name);
    if keyword { format!("{name}_") } else { name.to_owned() }
}

/// The type that stands for a table, unless a row is called the same.
pub(super) fn marker(table: &str, model: &str) -> String {
    let marker = pascal_case(table);
    if marker == model || TAKEN.contains(&marker.as_str()) || marker.is_empty() {
        format!("{model}Table")
    } else {
        marker
    }
}

/// The file of a table. Files cannot be raw keywords on every system, so these get an underscore.
pub(super) fn module(name: &str) -> String {
    let taken = TAKEN_MODULES.contains(&name) || NEVER_RAW.contains(&name);
    if taken || KEYWORDS.contains(&name) { format!("{name}_") } else { name.to_owned() }
}

/// A constant.
pub(super) fn constant(name: &str) -> String {
    upper_case(name)
}

/// A variant of an enum, by the name that the declaration gives it or by its label.
pub(super) fn variant(name: Option<&String>, label: &str) -> String {
    plain(name.unwrap_or(&pascal_case(label)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_step_aside() {
        assert_eq!(field("type"), "r#type");
        assert_eq!(field("self"), "self_");
        assert_eq!(field("content"), "content");
        assert_eq!(argument("client"), "client_");
        assert_eq!(model("Result"), "ResultRow");
        assert_eq!(marker("documents", "Document"), "Documents");
        assert_eq!(marker("news", "News"), "NewsTable");
        assert_eq!(module("match"), "match_");
        assert_eq!(variant(None, "self"), "Self_");
        assert_eq!(variant(Some(&"type".to_owned()), "a"), "type_");
        assert_eq!(model("struct"), "struct_");
        assert_eq!(type_name("Error"), "ErrorType");
    }

    #[test]
    fn the_lists_are_sorted() {
        for list in [KEYWORDS, NEVER_RAW, TAKEN, TAKEN_MODULES, TAKEN_ARGUMENTS] {
            assert!(list.is_sorted(), "{list:?}");
        }
    }
}
