//! Names that collide in a language: errors that name both objects, and how to resolve them.

use std::collections::BTreeMap;

use super::blueprint::{Blueprint, CompositeCode, Entity, EnumCode, Label};
use super::error::CodegenError;
use super::names::snake_case;
use super::value_type::ValueType;
use crate::model::ident::PUBLIC;
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
    /// What the file of a table has besides.
    pub(super) items: fn(&Blueprint, &Entity) -> Vec<Item>,
}

/// Something that the file of a table has.
pub(super) struct Item {
    /// Where no two things may be called the same: the types, the functions.
    pub(super) scope: &'static str,
    pub(super) name: String,
    /// What it is, in a sentence: `the type of column full`.
    pub(super) what: String,
}

impl Item {
    pub(super) fn new(
        scope: &'static str,
        name: impl Into<String>,
        what: impl Into<String>,
    ) -> Self {
        Self { scope, name: name.into(), what: what.into() }
    }
}

/// Where a language has what both of them make.
pub(super) struct Places {
    pub(super) types: &'static str,
    pub(super) functions: &'static str,
    pub(super) type_name: fn(&str) -> String,
    pub(super) scope: fn(&str) -> String,
}

/// What both languages make of a table: the types that its columns have, and its searches.
pub(super) fn shared_items(blueprint: &Blueprint, entity: &Entity, places: &Places) -> Vec<Item> {
    let mut items = Vec::new();
    let mut used: Vec<&ValueType> = Vec::new();
    for part in entity.fields.iter().flat_map(|it| it.value_type.parts()) {
        let (model, what) = match part {
            ValueType::Enum(name) => (&blueprint.enum_of(name).model, format!("enum `{name}`")),
            ValueType::Composite(name) => {
                (&blueprint.composite_of(name).model, format!("composite type `{name}`"))
            }
            ValueType::Builtin(_)
            | ValueType::Numeric(_)
            | ValueType::Bit(_)
            | ValueType::Vector(..)
            | ValueType::Range(_)
            | ValueType::Domain(..)
            | ValueType::Array(_)
            | ValueType::Text(_) => continue,
        };
        if !used.contains(&part) {
            items.push(Item::new(places.types, (places.type_name)(model), what));
            used.push(part);
        }
    }
    for unique in &entity.uniques {
        let column = |it: &usize| format!("`{}`", entity.fields[*it].column.name.as_str());
        let columns: Vec<String> = unique.fields.iter().map(column).collect();
        let what = format!("the search by {}", columns.join(", "));
        let name = format!("get_by_{}", entity.name_of(unique));
        items.push(Item::new(places.functions, name, what));
    }
    for search in &entity.searches {
        let (column, by) = (&entity.fields[search.field].column.name, search.metric.phrase());
        let what = format!("the search by {by} of column `{}`", column.as_str());
        items.push(Item::new(places.functions, format!("nearest{}", search.suffix), what));
        for rerank in &search.reranks {
            let what = format!("the search over index `{}`", rerank.index.as_str());
            let name = format!("nearest_rerank{}", rerank.suffix);
            items.push(Item::new(places.functions, name, what));
        }
        for (index, _) in &search.scopes {
            let what = format!("index `{}`", index.as_str());
            items.push(Item::new("scopes", (places.scope)(index.as_str()), what));
        }
    }
    items
}

/// Every name that is given twice, or has nothing to be made of.
pub(super) fn clashes(blueprint: &Blueprint, naming: &Naming) -> Vec<CodegenError> {
    let mut errors = models(blueprint, naming);
    errors.extend(modules(blueprint, naming));
    errors.extend(blueprint.entities.iter().flat_map(|it| fields(it, naming)));
    errors.extend(blueprint.composites.iter().flat_map(|it| attributes(it, naming)));
    errors.extend(blueprint.enums.iter().flat_map(|it| labels(it, naming)));
    // The rest is made of these, and would say the same once more.
    if errors.is_empty() {
        errors.extend(blueprint.entities.iter().flat_map(|it| items(blueprint, it, naming)));
    }
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
    let mut errors = Vec::new();
    let mut seen: BTreeMap<String, ObjectId> = BTreeMap::new();
    for (id, model, name) in all {
        if model.is_empty() {
            let message = format!("no identifier can be made from the name of {id}");
            errors.push(error(&id, message, "set one: `model = \"…\"`"));
            continue;
        }
        let name = name(model);
        if let Some(first) = seen.insert(name.clone(), id.clone()) {
            let language = naming.language;
            let message = format!("{first} and {id} are both named `{name}` in {language}");
            let help = place(&id, "model = \"…\"");
            errors.push(error(&id, message, &format!("set another name for one of them{help}")));
        }
    }
    errors
}

/// Where schema.toml says it, which it may do of tables that it does not declare otherwise.
fn place(id: &ObjectId, setting: &str) -> String {
    match (id.kind, id.qualified_name()) {
        (ObjectKind::Table, Some(name)) => {
            let namespace = name.namespace.as_str();
            let own = name.name.as_str();
            let key =
                if namespace == PUBLIC { own.to_owned() } else { format!("{namespace}.{own}") };
            format!(", in schema.toml: [tables.{key:?}] {setting}")
        }
        _ => format!(": `{setting}`"),
    }
}

fn modules(blueprint: &Blueprint, naming: &Naming) -> Vec<CodegenError> {
    let mut errors = Vec::new();
    let mut seen: BTreeMap<String, &ObjectId> = BTreeMap::new();
    for entity in &blueprint.entities {
        let id = &entity.id;
        if entity.module.is_empty() {
            let message = format!("no file name can be made from the name of {id}");
            errors.push(error(id, message, "set one: `codegen = { module = \"…\" }`"));
            continue;
        }
        let module = (naming.module)(&entity.module);
        if let Some(first) = seen.insert(module.clone(), id) {
            let language = naming.language;
            let message = format!("{first} and {id} both have the file `{module}` in {language}");
            let help = place(id, "codegen = { module = \"…\" }");
            errors.push(error(id, message, &format!("set another file for one of them{help}")));
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
                "columns `{first}` and `{}` of {} are both named `{name}` in {}",
                column.name.as_str(),
                column.table,
                naming.language
            );
            let help = "set another name for one of them: `attribute = \"…\"`";
            errors.push(error(&id, message, help));
        }
    }
    errors
}

/// The attributes of a composite type, for which the declaration has no other names.
fn attributes(composite: &CompositeCode, naming: &Naming) -> Vec<CodegenError> {
    let id = ObjectId::named(ObjectKind::Composite, &composite.name);
    let help = "skip the tables that use it: `codegen = { skip = true }`";
    let mut errors = Vec::new();
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for (attribute, _) in &composite.attributes {
        let (bare, own) = (snake_case(attribute.as_str()), attribute.as_str());
        if bare.is_empty() {
            let message = format!(
                "no identifier can be made from the name of attribute `{own}` of \
                                   {id}"
            );
            errors.push(error(&id, message, help));
        } else if let Some(first) = seen.insert((naming.field)(&bare), own) {
            let language = naming.language;
            let message = format!(
                "attributes `{first}` and `{own}` of {id} are both named `{bare}` in {language}"
            );
            errors.push(error(&id, message, help));
        }
    }
    errors
}

fn items(blueprint: &Blueprint, entity: &Entity, naming: &Naming) -> Vec<CodegenError> {
    let id = &entity.id;
    let help = "set another name for one of them: `model` of a table or an enum, `attribute` of a \
                column";
    let mut errors = Vec::new();
    let mut seen: BTreeMap<(&str, String), String> = BTreeMap::new();
    for Item { scope, name, what } in (naming.items)(blueprint, entity) {
        let language = naming.language;
        if name.is_empty() {
            let message =
                format!("no identifier in {language} can be made from the name of {what}");
            errors.push(error(id, message, "rename it"));
        } else if let Some(first) = seen.insert((scope, name.clone()), what.clone()) {
            let message = format!(
                "{first} and {what} are both named `{name}` in {language}, in the file of {id}"
            );
            errors.push(error(id, message, help));
        }
    }
    errors
}

fn labels(it: &EnumCode, naming: &Naming) -> Vec<CodegenError> {
    let id = ObjectId::named(ObjectKind::Enum, &it.name);
    let help = "set another name for one of them: `codegen = { names = { \"label\" = \"Name\" } }`";
    let mut errors = Vec::new();
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for label in &it.labels {
        let (name, text) = ((naming.label)(label), &label.text);
        if name.is_empty() {
            let message =
                format!("no identifier can be made from label `{text}` of enum `{}`", it.name);
            errors.push(error(&id, message, help));
        } else if let Some(first) = seen.insert(name.clone(), text) {
            let message = format!(
                "labels `{first}` and `{text}` of enum `{}` are both named `{name}` in {}",
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
