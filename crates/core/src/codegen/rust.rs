//! Rust: structs and functions with tokio-postgres, deadpool-postgres and pgvector.
//!
//! The templates contain the parts common to all tables; parts that depend on names are laid out
//! here, like rustfmt ([`layout`]). What is common to all schemas is the runtime, a crate whose files
//! are copied ([`runtime`]).

mod columns;
mod dependencies;
mod draft;
mod items;
mod layout;
mod names;
mod needs;
mod runtime;
mod searches;
mod shared;
mod table;
mod types;

pub use types::DateTime;

use super::blueprint::Blueprint;
use super::distinct::{Naming, clashes};
use super::error::CodegenError;
use super::{Generated, GeneratedFile};
use needs::Needs;
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
    /// Where the code has its runtime from.
    pub runtime: RustRuntime,
}

/// Where generated code has its runtime from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RustRuntime {
    /// From copies of its files in the directory `support`.
    #[default]
    Copy,
    /// From the crate `aludel-runtime`.
    Package,
}

/// A generated module, and what it needs.
struct Unit {
    module: String,
    file: GeneratedFile,
    needs: Needs,
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
    let errors = shared::underived(&types);
    if !errors.is_empty() {
        return Err(errors);
    }
    let mut units: Vec<Unit> = shared::enums(&types).into_iter().collect();
    units.extend(shared::composites(&types));
    units.extend(blueprint.entities.iter().map(|it| table::unit(&types, it)));
    let needs: Needs = units.iter().map(|it| it.needs.clone()).collect();
    let mut files = vec![shared::index(&types, &units, &needs), shared::macros()];
    if settings.runtime == RustRuntime::Copy {
        files.extend(shared::support(&types, &needs));
    }
    files.extend(units.into_iter().map(|it| it.file));
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
