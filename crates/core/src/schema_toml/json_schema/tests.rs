//! Compares the forms with the reference, and the JSON Schema with what `syntax` reads.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;
use toml::de::{DeTable, DeValue};

use super::json_schema;
use crate::model::definition::DefinedKind;
use crate::schema_toml::form::{Form, Formed, RootForm, Shape, form_of};
use crate::schema_toml::syntax;

/// The reference.
const REFERENCE: &str = include_str!("../../../../../docs/schema-toml.md");

/// The blocks of TOML in the reference.
fn examples() -> Vec<String> {
    let blocks = REFERENCE.split("\n```toml").skip(1);
    let bodies = blocks.map(|it| it.split_once('\n').expect("a body").1);
    bodies.map(|it| it.split("\n```").next().expect("an end").to_owned()).collect()
}

/// Notes which keys of which forms a value has.
fn note(shape: &Shape, value: &DeValue<'_>, used: &mut BTreeSet<(&'static str, String)>) {
    match (shape, value) {
        (Shape::Form(form), DeValue::Table(table)) => note_table(form, table, used),
        (Shape::Form(Form { short: Some(short), .. }), value) => {
            note(&short.key.shape, value, used);
        }
        (Shape::Map(of), DeValue::Table(table)) => {
            table.values().for_each(|it| note(of, it.get_ref(), used));
        }
        (Shape::List(of) | Shape::NonEmpty(of), DeValue::Array(array)) => {
            array.iter().for_each(|it| note(of, it.get_ref(), used));
        }
        (Shape::Either(one, other), value) => {
            note(one, value, used);
            note(other, value, used);
        }
        _ => {}
    }
}

fn note_table(form: &Form, table: &DeTable<'_>, used: &mut BTreeSet<(&'static str, String)>) {
    let kind = |name: &str| DefinedKind::ALL.into_iter().find(|it| it.form().section == name);
    for (key, value) in table {
        let name = key.get_ref().as_ref();
        used.insert((form.name, name.to_owned()));
        match form.keys.iter().find(|it| it.name == name) {
            Some(key) => note(&key.shape, value.get_ref(), used),
            None => {
                let entry = Shape::Form(form_of(kind(name).expect("a known key")));
                value.get_ref().as_table().expect("a table").values().for_each(|it| {
                    note(&entry, it.get_ref(), used);
                });
            }
        }
    }
}

#[test]
fn the_reference_has_an_example_of_every_key() {
    let mut used = BTreeSet::new();
    for text in examples() {
        note_table(RootForm::FORM, DeTable::parse(&text).expect("TOML").get_ref(), &mut used);
    }
    let unused = super::forms().into_values().flat_map(|form| {
        let keys = form.names().map(|key| (form.name, key.to_owned()));
        keys.filter(|it| !used.contains(it)).collect::<Vec<_>>()
    });
    let unused: Vec<_> = unused.collect();
    assert!(unused.is_empty(), "docs/schema-toml.md has no example of {unused:?}");
}

/// A key that a form has and no reader takes is an unknown one.
#[test]
fn every_key_of_the_reference_is_read() {
    for text in examples() {
        let mut problems = Vec::new();
        syntax::read_file(0, DeTable::parse(&text).expect("TOML").get_ref(), &mut problems);
        assert!(problems.is_empty(), "{problems:?}\n{text}");
    }
}

/// Whether a schema allows a value. Knows only the words that [`json_schema`] uses.
fn check(root: &Value, schema: &Value, value: &Value, path: &str) -> Result<(), String> {
    let schema = schema.as_object().expect("a schema");
    for (word, wanted) in schema {
        let refused = || Err(format!("{path}: {value} is not {word} {wanted}"));
        let passes = match word.as_str() {
            "$ref" => {
                let name = wanted.as_str().and_then(|it| it.strip_prefix("#/$defs/"));
                let target = &root["$defs"][name.expect("a definition")];
                check(root, target, value, path)?;
                true
            }
            "type" => match wanted {
                Value::Array(types) => types.iter().any(|it| is_of(it, value)),
                one => is_of(one, value),
            },
            "enum" => wanted.as_array().expect("words").contains(value),
            "anyOf" | "oneOf" => {
                let choices = wanted.as_array().expect("choices").iter();
                let tried: Vec<_> = choices.map(|it| check(root, it, value, path)).collect();
                let passed = tried.iter().filter(|it| it.is_ok()).count();
                if passed == 0 {
                    let errors = tried.into_iter().filter_map(Result::err);
                    return Err(errors.collect::<Vec<_>>().join(" or\n"));
                }
                word == "anyOf" || passed == 1
            }
            "required" => {
                let keys = wanted.as_array().expect("keys").iter();
                keys.filter_map(Value::as_str).all(|it| value.get(it).is_some())
            }
            "not" => check(root, wanted, value, path).is_err(),
            "minItems" => value.as_array().is_none_or(|it| !it.is_empty() && wanted == 1),
            "items" => {
                for (at, element) in value.as_array().into_iter().flatten().enumerate() {
                    check(root, wanted, element, &format!("{path}[{at}]"))?;
                }
                true
            }
            "properties" => {
                for (key, schema) in wanted.as_object().expect("properties") {
                    if let Some(value) = value.get(key) {
                        check(root, schema, value, &format!("{path}.{key}"))?;
                    }
                }
                true
            }
            "additionalProperties" => {
                let known = schema.get("properties").and_then(Value::as_object);
                for (key, value) in value.as_object().into_iter().flatten() {
                    if known.is_some_and(|it| it.contains_key(key)) {
                        continue;
                    }
                    if *wanted == false {
                        return Err(format!("{path}: unknown key `{key}`"));
                    }
                    check(root, wanted, value, &format!("{path}.{key}"))?;
                }
                true
            }
            "description" | "title" | "$schema" | "$defs" => true,
            other => panic!("the checker does not know `{other}`"),
        };
        if !passes {
            return refused();
        }
    }
    Ok(())
}

fn is_of(name: &Value, value: &Value) -> bool {
    match name.as_str() {
        Some("string") => value.is_string(),
        Some("boolean") => value.is_boolean(),
        Some("integer") => value.is_i64(),
        Some("number") => value.is_number(),
        Some("array") => value.is_array(),
        Some("object") => value.is_object(),
        other => panic!("the checker does not know the type {other:?}"),
    }
}

#[track_caller]
fn verdict(text: &str) -> Result<(), String> {
    let table: toml::Table = toml::from_str(text).expect("TOML");
    let value = serde_json::to_value(table).expect("JSON");
    let root = json_schema();
    check(&root, &root, &value, "")
}

/// All files of a name below a folder of the project.
fn files(folder: &str, suffix: &str) -> Vec<String> {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")).join(folder);
    let mut texts = Vec::new();
    for entry in std::fs::read_dir(&root).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            texts.extend(files(path.to_str().expect("a name"), suffix));
        } else if path.to_str().is_some_and(|it| it.ends_with(suffix)) {
            texts.push(std::fs::read_to_string(&path).expect("a text"));
        }
    }
    texts
}

#[test]
fn the_schema_allows_all_that_is_right() {
    let mut texts = examples();
    texts.extend(files("tests/cases/schema_toml_written", ".toml"));
    texts.extend(files("tests/cases/diff", ".toml"));
    texts.push(include_str!("../../../../../schema.toml").to_owned());
    for text in texts {
        if let Err(wrong) = verdict(&text) {
            panic!("{wrong}\n{text}");
        }
    }
}

/// What the schema refuses, `syntax` refuses.
#[test]
fn the_schema_refuses_nothing_that_is_read() {
    for text in files("tests/cases/schema_toml", ".toml") {
        let Ok(table) = DeTable::parse(&text) else { continue };
        let mut problems = Vec::new();
        syntax::read_file(0, table.get_ref(), &mut problems);
        if problems.is_empty() {
            assert_eq!(verdict(&text), Ok(()), "{text}");
        }
    }
}

#[test]
fn the_schema_refuses_what_is_wrong() {
    let wrong = [
        "table = {}",
        "tables.t.colums = {}",
        "tables.t.columns.a = 1",
        "tables.t.columns.a = { type = \"text\", on_delete = \"explode\" }",
        "tables.t.indexes.i = []",
        "tables.t.indexes.i = { method = \"hnsw\" }",
        "views.v = { query = \"SELECT 1\", file = \"v.sql\" }",
        "casts.\"(a AS b)\" = { definition = \"CREATE CAST\", renamed_from = \"x\" }",
        "functions.\"f()\" = { comment = \"no SQL\" }",
        "functions.\"f()\" = { definition = \"CREATE\", file = \"f.sql\", provided = true }",
        "roles.r = {}",
        "enums.e = { comment = \"no labels\" }",
    ];
    for text in wrong {
        assert!(verdict(text).is_err(), "{text}");
    }
}
