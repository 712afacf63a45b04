//! Rust: structs and functions over tokio-postgres, deadpool-postgres and pgvector.
//!
//! A template holds what is the same for all tables; what depends on names is laid out here, as
//! rustfmt would ([`layout`]).

mod columns;
mod layout;
mod names;
mod searches;
mod shared;
mod table;
mod types;

pub use types::DateTime;

use std::collections::BTreeMap;

use super::blueprint::{Blueprint, EnumCode};
use super::error::CodegenError;
use super::{Generated, GeneratedFile};
use crate::model::object::{ObjectId, ObjectKind};
use types::Types;

/// What is said of all Rust code.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RustSettings {
    /// Which crate has dates and times.
    pub datetime: DateTime,
}

pub(super) fn generate(
    blueprint: Blueprint,
    settings: &RustSettings,
) -> Result<Generated, Vec<CodegenError>> {
    let errors: Vec<CodegenError> = blueprint.enums.iter().filter_map(same_variants).collect();
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

/// Labels that become one variant.
fn same_variants(it: &EnumCode) -> Option<CodegenError> {
    let mut variants: BTreeMap<String, &str> = BTreeMap::new();
    for label in &it.labels {
        let variant = names::variant(label.name.as_ref(), &label.text);
        let object = ObjectId::named(ObjectKind::Enum, &it.name);
        let help = "give one a name of its own: `codegen = { names = { \"label\" = \"Name\" } }`";
        let error = |message| Some(CodegenError { object, message, help: help.to_owned() });
        if variant.is_empty() {
            let label = &label.text;
            return error(format!("label `{label}` of enum `{}` has no letter", it.name));
        }
        if let Some(first) = variants.insert(variant.clone(), &label.text) {
            return error(format!(
                "labels `{first}` and `{}` of enum `{}` are both called `{variant}` in Rust",
                label.text, it.name
            ));
        }
    }
    None
}
