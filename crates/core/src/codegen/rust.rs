//! Rust: structs and functions with tokio-postgres, deadpool-postgres and pgvector.
//!
//! The templates contain the parts common to all tables; parts that depend on names are laid out
//! here, like rustfmt ([`layout`]).

mod columns;
mod draft;
mod items;
mod layout;
mod names;
mod searches;
mod shared;
mod table;
mod types;

pub use types::DateTime;

use super::blueprint::Blueprint;
use super::distinct::{Naming, clashes};
use super::error::CodegenError;
use super::{Generated, GeneratedFile};
use types::Types;

/// What is said of all Rust code.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RustSettings {
    /// Which crate has dates and times.
    pub datetime: DateTime,
    /// Further traits that responses and what they are made of derive: `utoipa::ToSchema`.
    pub derives: Vec<String>,
    /// Whether vectors can be serialized; they can where a response has one.
    pub embedding_serde: bool,
}

pub(super) fn generate(
    blueprint: Blueprint,
    settings: &RustSettings,
) -> Result<Generated, Vec<CodegenError>> {
    let mut errors = blueprint.errors.clone();
    errors.extend(clashes(&blueprint, &NAMING));
    if !errors.is_empty() {
        return Err(errors);
    }
    let types = Types::new(&blueprint, settings);
    let mut files = vec![shared::index(&types), shared::support(&types)];
    files.extend(shared::enums(&types));
    files.extend(shared::composites(&types));
    for entity in &blueprint.entities {
        let name = format!("{}.rs", names::module(&entity.module));
        files.push(GeneratedFile { name, text: table::render(&types, entity) });
    }
    let warnings = blueprint.warnings;
    Ok(Generated { files, warnings })
}

const NAMING: Naming = Naming {
    language: "Rust",
    model: names::model,
    type_name: names::type_name,
    module: names::module,
    field: names::field,
    label: |it| names::variant(it.name.as_ref(), &it.text),
    items: items::of,
};
