//! The JSON Schema of `schema.toml`, by which editors complete and check it.
//!
//! [`forms`], [`relation_forms`] and [`code_forms`] say which keys each table has and what may stand
//! there; here that becomes JSON. Whether the forms are those that `syntax` reads is held by the
//! tests, which compare the two key by key.

mod code_forms;
mod forms;
mod relation_forms;
#[cfg(test)]
mod tests;

use serde_json::{Map, Value, json};

use crate::model::definition::{DefinedKind, Naming};
use code_forms::CODE_FORMS;
use forms::{FORMS, Form, Key, PROVIDED, ROOT, Shape};
use relation_forms::RELATION_FORMS;

/// The dialect that the schema is written in.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The JSON Schema (draft 2020-12) of a declaration.
#[must_use]
pub fn json_schema() -> Value {
    let definitions: Map<String, Value> = FORMS
        .iter()
        .chain(RELATION_FORMS)
        .chain(CODE_FORMS)
        .map(|it| (it.name.to_owned(), form(it)))
        .collect();
    let mut root = object(&ROOT);
    root.insert("$schema".to_owned(), json!(DIALECT));
    root.insert("title".to_owned(), json!("schema.toml"));
    root.insert("description".to_owned(), json!(ROOT.description));
    root.insert("$defs".to_owned(), Value::Object(definitions));
    if let Some(Value::Object(properties)) = root.get_mut("properties") {
        for kind in DefinedKind::ALL {
            if kind.form().naming != Naming::OnRelation {
                properties.insert(kind.form().section.to_owned(), section(kind));
            }
        }
    }
    Value::Object(root)
}

/// The section of what is declared by the SQL that makes it.
fn section(kind: DefinedKind) -> Value {
    let name = match (kind, kind.form().naming) {
        (DefinedKind::View, _) => "view",
        (DefinedKind::MaterializedView, _) => "materialized_view",
        (DefinedKind::EventTrigger, _) => "trigger",
        (DefinedKind::UserMapping, _) => "user_mapping",
        (_, Naming::Text | Naming::For) => "nameless_definition",
        _ if kind.is_grantable() => "grantable_definition",
        (_, Naming::Name | Naming::OnRelation) => "definition",
    };
    let noun = kind.form().noun;
    let plural = kind.form().section.replace('_', " ");
    let mut section = map_of(shape(&Shape::Form(name)));
    let description = match kind.form().naming {
        _ if kind.is_routine() => {
            format!("The {plural}: each key is a name and the types of the arguments.")
        }
        Naming::Name | Naming::OnRelation => format!("The {plural}: each key is a name."),
        Naming::Text | Naming::For => {
            format!("The {plural}: each key is what follows `CREATE {}`.", noun.to_uppercase())
        }
    };
    section.insert("description".to_owned(), json!(description));
    Value::Object(section)
}

/// A form: a table of keys, or what is short for it.
fn form(form: &Form) -> Value {
    let table = object(form);
    let mut whole = match &form.short {
        Some(short) => {
            let mut choices = choices(short);
            choices.push(Value::Object(table));
            Map::from_iter([("anyOf".to_owned(), Value::Array(choices))])
        }
        None => table,
    };
    whole.insert("description".to_owned(), json!(form.description));
    Value::Object(whole)
}

/// A table of known keys.
fn object(form: &Form) -> Map<String, Value> {
    let properties: Map<String, Value> =
        form.keys.iter().map(|it| (it.name.to_owned(), key(it))).collect();
    let mut object = Map::from_iter([
        ("type".to_owned(), json!("object")),
        ("properties".to_owned(), Value::Object(properties)),
        ("additionalProperties".to_owned(), json!(false)),
    ]);
    match form.required {
        [] => {}
        [all] => {
            object.insert("required".to_owned(), json!(all));
        }
        either => {
            let required = |it: &&[&str]| json!({ "required": it });
            let (alone, others): (Vec<&[&str]>, Vec<&[&str]>) =
                either.iter().partition(|it| **it == [PROVIDED.name]);
            let mut either: Vec<Value> = others.iter().map(required).collect();
            let none = json!({ "anyOf": either.clone() });
            either.extend(alone.iter().map(|it| json!({ "required": it, "not": none })));
            object.insert("oneOf".to_owned(), Value::Array(either));
        }
    }
    object
}

fn key(key: &Key) -> Value {
    let mut value = shape(&key.shape);
    if let Value::Object(value) = &mut value {
        value.insert("description".to_owned(), json!(key.description));
    }
    value
}

fn shape(of: &Shape) -> Value {
    match of {
        Shape::Text => json!({ "type": "string" }),
        Shape::Flag => json!({ "type": "boolean" }),
        Shape::Integer => json!({ "type": "integer" }),
        Shape::Scalar => json!({ "type": ["string", "number", "boolean"] }),
        Shape::Words(words) => json!({ "enum": words }),
        Shape::List(element) => json!({ "type": "array", "items": shape(element) }),
        Shape::Keys(element) => {
            json!({ "type": "array", "items": shape(element), "minItems": 1 })
        }
        Shape::Map(value) => Value::Object(map_of(shape(value))),
        Shape::Form(name) => json!({ "$ref": format!("#/$defs/{name}") }),
        Shape::Either(_) => json!({ "anyOf": choices(of) }),
    }
}

/// The alternatives of a shape, which may be one.
fn choices(of: &Shape) -> Vec<Value> {
    match of {
        Shape::Either(shapes) => shapes.iter().map(shape).collect(),
        Shape::Text
        | Shape::Flag
        | Shape::Integer
        | Shape::Scalar
        | Shape::Words(_)
        | Shape::List(_)
        | Shape::Keys(_)
        | Shape::Map(_)
        | Shape::Form(_) => vec![shape(of)],
    }
}

/// A table whose keys are names.
fn map_of(value: Value) -> Map<String, Value> {
    Map::from_iter([
        ("type".to_owned(), json!("object")),
        ("additionalProperties".to_owned(), value),
    ])
}
