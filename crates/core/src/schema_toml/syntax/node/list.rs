//! Help for lists in the place of tables.

use super::Node;
use crate::schema_toml::write::toml_text::quote_key;

/// Help where a list stands for a table of entries with names.
pub(super) fn in_place_of_a_list(section: &str, value: &Node<'_>) -> String {
    let names = value.texts();
    let name = names.first().map(|it| quote_key(it));
    match (section, name) {
        ("extensions", Some(name)) => format!("write `[extensions]` with `{name} = \"*\"`"),
        ("schemas", Some(name)) => format!("write `[schemas.{name}]`"),
        _ => format!("write a table with the names as keys: `[{section}]` with `NAME = …`"),
    }
}
