//! The JSON Schema of `schema.toml`, which editors use to complete and check it: the forms as JSON.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::form::{AnyKey, Form, Formed, PROVIDED, RootForm, Shape, form_of};
use crate::model::definition::{DefinedKind, Naming};

/// The dialect that the schema is written in.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The JSON Schema (draft 2020-12) of a declaration.
#[must_use]
pub fn json_schema() -> Value {
    let mut forms = forms();
    forms.remove(RootForm::FORM.name);
    let definitions: Map<String, Value> =
        forms.into_iter().map(|(name, it)| (name.to_owned(), form(it))).collect();
    let mut root = object(RootForm::FORM);
    root.insert("$schema".to_owned(), json!(DIALECT));
    root.insert("title".to_owned(), json!("schema.toml"));
    root.insert("description".to_owned(), json!(RootForm::FORM.description));
    root.insert("$defs".to_owned(), Value::Object(definitions));
    if let Some(Value::Object(properties)) = root.get_mut("properties") {
        properties.extend(sections().map(|it| (it.form().section.to_owned(), section(it))));
    }
    Value::Object(root)
}

/// The kinds that have a section of their own.
fn sections() -> impl Iterator<Item = DefinedKind> {
    DefinedKind::ALL.into_iter().filter(|it| RootForm::FORM.has(it.form().section))
}

/// All forms by their names: that of the whole file, and those that lead on from it.
fn forms() -> BTreeMap<&'static str, &'static Form> {
    let mut forms = BTreeMap::new();
    collect(RootForm::FORM, &mut forms);
    sections().for_each(|it| collect(form_of(it), &mut forms));
    forms
}

/// Adds a form and those that its keys name.
fn collect(form: &'static Form, forms: &mut BTreeMap<&'static str, &'static Form>) {
    if forms.insert(form.name, form).is_none() {
        form.keys.iter().for_each(|it| collect_shape(&it.shape, forms));
    }
}

fn collect_shape(shape: &Shape, forms: &mut BTreeMap<&'static str, &'static Form>) {
    match shape {
        Shape::Form(form) => collect(form, forms),
        Shape::List(it) | Shape::NonEmpty(it) | Shape::Map(it) => collect_shape(it, forms),
        Shape::Either(one, other) => {
            collect_shape(one, forms);
            collect_shape(other, forms);
        }
        Shape::Text | Shape::Flag | Shape::Integer | Shape::Scalar | Shape::Words(_) => {}
    }
}

/// The section of what is declared by the SQL that makes it.
fn section(kind: DefinedKind) -> Value {
    let noun = kind.form().noun;
    let plural = kind.form().section.replace('_', " ");
    let mut section = map_of(shape(&Shape::Form(form_of(kind))));
    let description = match kind.form().naming {
        _ if kind.is_routine() => {
            format!("The {plural}: each key is a name with argument types.")
        }
        Naming::Name | Naming::OnRelation => format!("The {plural}: each key is a name."),
        Naming::Text | Naming::For => {
            format!("The {plural}: each key is the text after `CREATE {}`.", noun.to_uppercase())
        }
    };
    section.insert("description".to_owned(), json!(description));
    Value::Object(section)
}

/// A form: a table of keys, or what is short for it.
fn form(form: &Form) -> Value {
    let table = object(form);
    let mut whole = match &form.short {
        Some(short) if !short.at_keys => {
            Map::from_iter([("anyOf".to_owned(), json!([shape(&short.key.shape), table]))])
        }
        Some(_) | None => table,
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
                either.iter().partition(|it| **it == [PROVIDED.name()]);
            let mut either: Vec<Value> = others.iter().map(required).collect();
            let none = json!({ "anyOf": either.clone() });
            either.extend(alone.iter().map(|it| json!({ "required": it, "not": none })));
            object.insert("oneOf".to_owned(), Value::Array(either));
        }
    }
    object
}

fn key(key: &AnyKey) -> Value {
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
        Shape::Words(words) => json!({ "enum": words() }),
        Shape::List(element) => json!({ "type": "array", "items": shape(element) }),
        Shape::NonEmpty(element) => {
            json!({ "type": "array", "items": shape(element), "minItems": 1 })
        }
        Shape::Map(value) => Value::Object(map_of(shape(value))),
        Shape::Form(form) => {
            let reference = json!({ "$ref": format!("#/$defs/{}", form.name) });
            match &form.short {
                Some(it) if it.at_keys => json!({ "anyOf": [shape(&it.key.shape), reference] }),
                Some(_) | None => reference,
            }
        }
        Shape::Either(one, other) => json!({ "anyOf": [shape(one), shape(other)] }),
    }
}

/// A table whose keys are names.
fn map_of(value: Value) -> Map<String, Value> {
    Map::from_iter([
        ("type".to_owned(), json!("object")),
        ("additionalProperties".to_owned(), value),
    ])
}
