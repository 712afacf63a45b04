//! The JSON Schema held against what `syntax` reads, and both against the reference.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;
use toml::de::{DeTable, DeValue};

use super::json_schema;
use crate::schema_toml::syntax::{self, asked};

/// The reference.
const REFERENCE: &str = include_str!("../../../../../docs/schema-toml.md");

/// The blocks of TOML in the reference.
fn examples() -> Vec<String> {
    let blocks = REFERENCE.split("\n```toml").skip(1);
    let bodies = blocks.map(|it| it.split_once('\n').expect("a body").1);
    bodies.map(|it| it.split("\n```").next().expect("an end").to_owned()).collect()
}

/// A table of keys in the schema, by its name: the root's is empty.
struct Table<'s> {
    name: String,
    properties: &'s serde_json::Map<String, Value>,
}

/// The alternatives of a schema, with references followed.
fn alternatives<'s>(root: &'s Value, name: &str, schema: &'s Value) -> Vec<(String, &'s Value)> {
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference.strip_prefix("#/$defs/").expect("a definition");
        let target = &root["$defs"][name];
        assert!(!target.is_null(), "no definition `{name}`");
        return alternatives(root, name, target);
    }
    match schema["anyOf"].as_array() {
        Some(choices) => choices.iter().flat_map(|it| alternatives(root, name, it)).collect(),
        None => vec![(name.to_owned(), schema)],
    }
}

/// Walks through a file along the schema; `visit` sees each table of known keys.
fn walk(
    root: &Value,
    (name, schema): (&str, &Value),
    value: &DeValue<'_>,
    visit: &mut impl FnMut(&Table<'_>, &DeTable<'_>),
) {
    for (name, schema) in alternatives(root, name, schema) {
        match value {
            DeValue::Table(table) => walk_table(root, (&name, schema), table, visit),
            DeValue::Array(array) => {
                for element in array.iter().filter(|_| !schema["items"].is_null()) {
                    walk(root, (&name, &schema["items"]), element.get_ref(), visit);
                }
            }
            DeValue::String(_)
            | DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_) => {}
        }
    }
}

fn walk_table(
    root: &Value,
    (name, schema): (&str, &Value),
    table: &DeTable<'_>,
    visit: &mut impl FnMut(&Table<'_>, &DeTable<'_>),
) {
    if let Some(properties) = schema["properties"].as_object() {
        visit(&Table { name: name.to_owned(), properties }, table);
        for (key, value) in table {
            if let Some(inner) = properties.get(key.get_ref().as_ref()) {
                walk(root, ("", inner), value.get_ref(), visit);
            }
        }
    } else if schema["additionalProperties"].is_object() {
        for value in table.values() {
            walk(root, (name, &schema["additionalProperties"]), value.get_ref(), visit);
        }
    }
}

/// Sets of keys by the name of their table.
type Keys = BTreeMap<String, BTreeSet<String>>;

/// The keys that the schema has, those that `syntax` asks for, and those that the examples use.
fn keys(texts: &[String]) -> (Keys, Keys, Keys) {
    let root = json_schema();
    let mut known = Keys::new();
    known.insert(String::new(), names(&root["properties"]));
    for (name, form) in root["$defs"].as_object().expect("definitions") {
        for (_, form) in alternatives(&root, name, form) {
            if form["properties"].is_object() {
                known.insert(name.clone(), names(&form["properties"]));
            }
        }
    }
    let (mut read, mut used) = (Keys::new(), Keys::new());
    for text in texts {
        let table = DeTable::parse(text).expect("TOML");
        let table = table.get_ref();
        let mut problems = Vec::new();
        asked::take();
        syntax::read_file(0, table, &mut problems);
        assert!(problems.is_empty(), "{problems:?}\n{text}");
        let asked = asked::take();
        walk_table(&root, ("", &root), table, &mut |form, table| {
            let here = |it: &&(usize, &str)| it.0 == asked::address(table);
            let asked = asked.iter().filter(here).map(|it| it.1.to_owned());
            read.entry(form.name.clone()).or_default().extend(asked);
            let keys = table.keys().map(|it| it.get_ref().to_string());
            used.entry(form.name.clone()).or_default().extend(keys);
            assert!(!form.properties.is_empty());
        });
    }
    (known, read, used)
}

fn names(properties: &Value) -> BTreeSet<String> {
    properties.as_object().expect("properties").keys().cloned().collect()
}

/// Says in which keys of which tables two sides differ.
#[track_caller]
fn same(one: &Keys, other: &Keys, what: &str) {
    let tables: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
    let none = BTreeSet::new();
    let mut differences = Vec::new();
    for table in tables {
        let (a, b) = (one.get(table).unwrap_or(&none), other.get(table).unwrap_or(&none));
        let differ: Vec<&String> = a.symmetric_difference(b).collect();
        if !differ.is_empty() {
            differences.push(format!("{table}: {differ:?}"));
        }
    }
    assert!(differences.is_empty(), "{what}:\n{}", differences.join("\n"));
}

#[test]
fn the_schema_has_the_keys_that_are_read() {
    let (known, read, _) = keys(&examples());
    same(&known, &read, "the JSON Schema and `syntax` differ, or no example has the table");
}

#[test]
fn the_reference_has_an_example_of_every_key() {
    let (known, _, used) = keys(&examples());
    same(&known, &used, "docs/schema-toml.md has no example of");
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
