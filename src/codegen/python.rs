//! Python: SQLAlchemy models, Pydantic types, and functions over asyncpg.
//!
//! A template holds what is the same for all tables; what depends on names is laid out here, as
//! `ruff format` would ([`layout`]).

mod layout;
mod model;
mod names;
mod searches;
mod shared;
mod table;
mod types;

use std::collections::BTreeMap;

use super::blueprint::{Blueprint, EnumCode};
use super::error::CodegenError;
use super::{Generated, GeneratedFile};
use crate::model::object::{ObjectId, ObjectKind};
use types::Types;

/// What is said of all Python code.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PythonSettings {
    /// The declarative base of the models, as `package.module:Base`; none for one of our own.
    pub base: Option<String>,
}

pub(super) fn generate(
    blueprint: Blueprint,
    settings: &PythonSettings,
) -> Result<Generated, Vec<CodegenError>> {
    let errors: Vec<CodegenError> = blueprint.enums.iter().filter_map(same_members).collect();
    if !errors.is_empty() {
        return Err(errors);
    }
    let types = Types { blueprint: &blueprint };
    let tables: Vec<GeneratedFile> = blueprint
        .entities
        .iter()
        .map(|entity| GeneratedFile {
            name: format!("{}.py", names::module(&entity.module)),
            text: table::render(&types, entity),
        })
        .collect();
    let mut files = vec![shared::index(&types), shared::support(&types, settings, &tables)];
    files.extend(shared::enums(&types));
    files.extend(shared::composites(&types));
    files.extend(tables);
    let warnings = blueprint.warnings;
    Ok(Generated { files, warnings })
}

/// Labels that become one member.
fn same_members(it: &EnumCode) -> Option<CodegenError> {
    let mut members: BTreeMap<String, &str> = BTreeMap::new();
    for label in &it.labels {
        let member = names::member(label.name.as_ref().unwrap_or(&label.text));
        let object = ObjectId::named(ObjectKind::Enum, &it.name);
        let help = "give one a name of its own: `codegen = { names = { \"label\" = \"Name\" } }`";
        let error = |message| Some(CodegenError { object, message, help: help.to_owned() });
        if member.is_empty() {
            let label = &label.text;
            return error(format!("label `{label}` of enum `{}` has no letter", it.name));
        }
        if let Some(first) = members.insert(member.clone(), &label.text) {
            return error(format!(
                "labels `{first}` and `{}` of enum `{}` are both called `{member}` in Python",
                label.text, it.name
            ));
        }
    }
    None
}
