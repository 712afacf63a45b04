//! Python: SQLAlchemy models, Pydantic types, and functions with asyncpg.
//!
//! The templates contain the parts common to all tables; parts that depend on names are laid out
//! here, like `ruff format` ([`layout`]).

mod draft;
mod imports;
mod inline;
mod items;
mod keys;
mod layout;
mod model;
mod names;
mod needs;
mod runtime;
mod searches;
mod shapes;
mod shared;
mod support;
mod table;
mod types;
mod values;
mod writing;

use std::collections::BTreeSet;

use super::blueprint::{Blueprint, Entity, Field};
use super::distinct::{Naming, clashes};
use super::error::{CodegenError, CodegenWarning};
use super::value_type::{Builtin, ValueType};
use super::{Generated, GeneratedFile};
use crate::model::Schema;
use crate::model::object::{ObjectId, ObjectKind};
use runtime::Module;
use types::Types;

/// What is said of all Python code.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PythonSettings {
    /// The declarative base of the models, as `package.module:Base`; none for one of our own.
    pub base: Option<String>,
    /// What vectors are in Python.
    pub embedding: Embedding,
    /// Where the code is that all generated packages have in common.
    pub runtime: PythonRuntime,
}

/// Where generated code has its runtime.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PythonRuntime {
    /// Copies of the modules that it needs, in its sub-package `support`.
    #[default]
    Copy,
    /// The package `aludel_runtime`.
    Package,
}

/// What the numbers of a vector are held in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Embedding {
    /// `list[float]`.
    #[default]
    List,
    /// An array of `numpy.float32`.
    Numpy,
}

pub(super) fn generate(
    schema: &Schema,
    blueprint: Blueprint,
    settings: &PythonSettings,
) -> Result<Generated, Vec<CodegenError>> {
    let mut errors = blueprint.errors.clone();
    errors.extend(clashes(&blueprint, &NAMING));
    if !errors.is_empty() {
        return Err(errors);
    }
    let types = Types {
        blueprint: &blueprint,
        embedding: settings.embedding,
        own_base: settings.base.is_none(),
    };
    let mut needed: BTreeSet<Module> = Module::ALWAYS.into_iter().collect();
    let tables: Vec<GeneratedFile> = blueprint
        .entities
        .iter()
        .map(|entity| {
            let (text, needs) = table::render(schema, &types, entity);
            needed.extend(needs.runtime);
            GeneratedFile { name: format!("{}.py", names::module(&entity.module)), text }
        })
        .collect();
    // Connections are told of pgvector's types.
    let dense = needed.contains(&Module::Vectors) || needed.contains(&Module::Arrays);
    needed.extend(dense.then_some(Module::VectorEngine));
    let mut files = vec![shared::index(&types, settings)];
    files.extend(support::files(&types, settings, &needed));
    files.extend(shared::enums(&types));
    files.extend(shared::composites(&types));
    files.extend(tables);
    let mut warnings = blueprint.warnings.clone();
    warnings.extend(blueprint.entities.iter().flat_map(short_months));
    Ok(Generated { files, warnings })
}

/// `timedelta` knows no months.
fn short_months(entity: &Entity) -> impl Iterator<Item = CodegenWarning> {
    let interval = ValueType::Builtin(Builtin::Interval);
    let own = |it: &&Field| it.hints.python_type.is_none();
    let fields = entity.fields.iter().filter(own);
    fields.filter(move |it| it.value_type.parts().contains(&&interval)).map(|it| {
        let column = &it.column;
        let object = ObjectId::child(ObjectKind::Column, &column.table, &column.name);
        let message = format!("{object} is a timedelta in Python, where a month has 30 days");
        CodegenWarning { object, message }
    })
}

const NAMING: Naming = Naming {
    language: "Python",
    model: names::model,
    type_name: names::type_name,
    module: names::module,
    field: names::attribute,
    items: items::of,
    label: |it| names::member(it.name.as_ref().unwrap_or(&it.text)),
};
