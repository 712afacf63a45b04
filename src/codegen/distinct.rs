//! Names that a language gives to two things at once: errors that say both, and what parts them.

use std::collections::BTreeMap;

use super::blueprint::{Blueprint, Entity, EnumCode, Label};
use super::error::CodegenError;
use crate::model::object::{ObjectId, ObjectKind};

/// What a language makes of names.
pub(super) struct Naming {
    pub(super) language: &'static str,
    /// The type of a row.
    pub(super) model: fn(&str) -> String,
    /// The type of an enum or a composite type.
    pub(super) type_name: fn(&str) -> String,
    /// The file of a table.
    pub(super) module: fn(&str) -> String,
    pub(super) field: fn(&str) -> String,
    pub(super) label: fn(&Label) -> String,
}

/// Every name that is given twice, or has nothing to be made of.
pub(super) fn clashes(blueprint: &Blueprint, naming: &Naming) -> Vec<CodegenError> {
    let mut errors = models(blueprint, naming);
    errors.extend(modules(blueprint, naming));
    errors.extend(blueprint.entities.iter().flat_map(|it| fields(it, naming)));
    errors.extend(blueprint.enums.iter().flat_map(|it| labels(it, naming)));
    errors
}

fn models(blueprint: &Blueprint, naming: &Naming) -> Vec<CodegenError> {
    let named = |kind, name| ObjectId::named(kind, name);
    let rows = blueprint.entities.iter();
    let rows = rows.map(|it| (it.id.clone(), &it.model, naming.model));
    let enums = blueprint.enums.iter();
    let enums = enums.map(|it| (named(ObjectKind::Enum, &it.name), &it.model, naming.type_name));
    let composites = blueprint.composites.iter();
    let composites =
        composites.map(|it| (named(ObjectKind::Composite, &it.name), &it.model, naming.type_name));
    let all = rows.chain(enums).chain(composites);
    let help = "give one of them a name of its own: `model = \"…\"`";
    let mut errors = Vec::new();
    let mut seen: BTreeMap<String, ObjectId> = BTreeMap::new();
    for (id, model, name) in all {
        if model.is_empty() {
            let message = format!("{id} has no letter to make a name of");
            errors.push(error(&id, message, "give it one: `model = \"…\"`"));
            continue;
        }
        let name = name(model);
        if let Some(first) = seen.insert(name.clone(), id.clone()) {
            let language = naming.language;
            let message = format!("{first} and {id} are both called `{name}` in {language}");
            errors.push(error(&id, message, help));
        }
    }
    errors
}

fn modules(blueprint: &Blueprint, naming: &Naming) -> Vec<CodegenError> {
    let help = "give one of them a name of its own: `codegen = { module = \"…\" }`";
    let mut errors = Vec::new();
    let mut seen: BTreeMap<String, &ObjectId> = BTreeMap::new();
    for entity in blueprint.entities.iter().filter(|it| !it.module.is_empty()) {
        let (module, id) = ((naming.module)(&entity.module), &entity.id);
        if let Some(first) = seen.insert(module.clone(), id) {
            let language = naming.language;
            let message = format!("{first} and {id} both have the file `{module}` in {language}");
            errors.push(error(id, message, help));
        }
    }
    errors
}

fn fields(entity: &Entity, naming: &Naming) -> Vec<CodegenError> {
    let mut errors = Vec::new();
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for field in &entity.fields {
        let (name, column) = ((naming.field)(&field.name), &field.column);
        if let Some(first) = seen.insert(name.clone(), column.name.as_str()) {
            let id = ObjectId::child(ObjectKind::Column, &column.table, &column.name);
            let message = format!(
                "columns `{first}` and `{}` of {} are both called `{name}` in {}",
                column.name.as_str(),
                column.table,
                naming.language
            );
            let help = "give one a name of its own: `attribute = \"…\"`";
            errors.push(error(&id, message, help));
        }
    }
    errors
}

fn labels(it: &EnumCode, naming: &Naming) -> Vec<CodegenError> {
    let id = ObjectId::named(ObjectKind::Enum, &it.name);
    let help = "give one a name of its own: `codegen = { names = { \"label\" = \"Name\" } }`";
    let mut errors = Vec::new();
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for label in &it.labels {
        let (name, text) = ((naming.label)(label), &label.text);
        if name.is_empty() {
            let message = format!("label `{text}` of enum `{}` has no letter", it.name);
            errors.push(error(&id, message, help));
        } else if let Some(first) = seen.insert(name.clone(), text) {
            let message = format!(
                "labels `{first}` and `{text}` of enum `{}` are both called `{name}` in {}",
                it.name, naming.language
            );
            errors.push(error(&id, message, help));
        }
    }
    errors
}

fn error(object: &ObjectId, message: String, help: &str) -> CodegenError {
    CodegenError { object: object.clone(), message, help: help.to_owned() }
}
