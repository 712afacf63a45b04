//! Writes a schema as `schema.toml`: sorted, in the short forms, as a person would write it.
//!
//! `parse(write(schema))` is the schema again. Names that PostgreSQL would generate are omitted. An
//! index that is invalid on the server cannot be declared; a comment says so.

mod column;
mod constraint;
mod definition;
mod fields;
mod grants;
mod index;
mod object;
mod table;
pub(super) mod toml_text;
mod types;
mod used_names;

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Schema;
use crate::model::definition::Definition;
use crate::model::ident::{Ident, QualifiedName};
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::model::privileges::Privileges;
use crate::model::provided::Provided;
use crate::schema_toml::form::RootForm;
use toml_text::{Value, quote_key};
use used_names::UsedNames;

/// Longest line that is written in one piece.
const WIDTH: usize = 100;

/// The declaration of a schema, some of which is provided.
#[must_use]
pub fn write(schema: &Schema, provided: &Provided) -> String {
    write_part(schema, provided, Part::Whole)
}

/// The declaration of a schema in several files: what stands in no namespace, which is the main
/// file but for its `include`, and each namespace that something stands in.
#[must_use]
pub fn write_split(schema: &Schema, provided: &Provided) -> (String, BTreeMap<Ident, String>) {
    let ids = schema.iter().map(|(id, _)| id).chain(&provided.names);
    let namespaces: BTreeSet<&Ident> = ids.filter_map(Part::namespace).collect();
    let part = |it: &Ident| (it.clone(), write_part(schema, provided, Part::Namespace(it.clone())));
    let files = namespaces.into_iter().map(part).filter(|(_, text)| !text.is_empty());
    (write_part(schema, provided, Part::Global), files.collect())
}

/// The key by which a file includes others.
#[must_use]
pub fn write_include(patterns: &[String]) -> String {
    if patterns.is_empty() {
        return String::new();
    }
    let elements: String =
        patterns.iter().map(|it| format!("    {},\n", Value::text(it))).collect();
    format!("{} = [\n{elements}]\n", RootForm::INCLUDE.name())
}

fn write_part(schema: &Schema, provided: &Provided, part: Part) -> String {
    let (used, privileges) = (UsedNames::of(schema), grants::by_object(schema));
    let hanging = definition::by_relation(schema);
    let out = String::new();
    let mut writer = Writer { schema, provided, part, used, privileges, hanging, out };
    writer.extensions();
    writer.namespaces();
    writer.roles();
    writer.enums();
    writer.definitions(true);
    writer.domains();
    writer.composites();
    writer.sequences();
    for (_, object) in writer.objects() {
        if let Object::Table(table) = object {
            writer.table(table);
        }
    }
    writer.definitions(false);
    writer.default_privileges();
    writer.out
}

/// What goes into a file.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    /// Everything.
    Whole,
    /// What stands in no namespace.
    Global,
    /// What stands in this one.
    Namespace(Ident),
}

impl Part {
    fn has(&self, id: &ObjectId) -> bool {
        match self {
            Self::Whole => true,
            Self::Global => Self::namespace(id).is_none(),
            Self::Namespace(it) => Self::namespace(id) == Some(it),
        }
    }

    /// Whether what stands in no namespace goes into it.
    fn has_global(&self) -> bool {
        match self {
            Self::Whole | Self::Global => true,
            Self::Namespace(_) => false,
        }
    }

    /// The namespace that an object stands in. Default privileges are no part of what they are for.
    fn namespace(id: &ObjectId) -> Option<&Ident> {
        id.namespace.as_ref().filter(|_| id.kind != ObjectKind::DefaultPrivileges)
    }
}

/// What is written so far, and what decides how.
struct Writer<'s> {
    /// Everything, for what one thing says of another.
    schema: &'s Schema,
    provided: &'s Provided,
    part: Part,
    used: UsedNames,
    privileges: BTreeMap<ObjectId, Vec<Privileges>>,
    hanging: BTreeMap<QualifiedName, Vec<&'s Definition>>,
    out: String,
}

impl<'s> Writer<'s> {
    /// The objects that go into this file.
    fn objects(&self) -> impl Iterator<Item = (&'s ObjectId, &'s Object)> + use<'s> {
        let part = self.part.clone();
        self.schema.iter().filter(move |(id, _)| part.has(id))
    }
}

impl Writer<'_> {
    /// Whether an object says itself that it is provided, as parts of tables do not.
    fn is_marked(&self, id: &ObjectId) -> bool {
        let is_part =
            matches!(id.kind, ObjectKind::Column | ObjectKind::Constraint | ObjectKind::Index);
        !is_part && self.provided.objects.contains(id)
    }

    /// Begins a section.
    fn header(&mut self, path: &[&str]) {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        let path: Vec<String> = path.iter().map(|it| quote_key(it)).collect();
        self.out.push_str(&format!("[{}]\n", path.join(".")));
    }

    /// One entry; a list that is too long for a line gets a line for each element.
    fn entry(&mut self, key: &str, value: &Value) {
        let line = format!("{} = {value}", quote_key(key));
        match value {
            Value::List(elements) if line.len() > WIDTH => {
                self.out.push_str(&format!("{} = [\n", quote_key(key)));
                for element in elements {
                    self.out.push_str(&format!("    {element},\n"));
                }
                self.out.push_str("]\n");
            }
            _ => {
                self.out.push_str(&line);
                self.out.push('\n');
            }
        }
    }

    /// Named entries under one header; what is too long for a line gets a section of its own.
    fn section(&mut self, path: &[&str], entries: Vec<Entry>) {
        let (short, long): (Vec<Entry>, Vec<Entry>) =
            entries.into_iter().partition(Entry::fits_a_line);
        if !short.is_empty() {
            self.header(path);
        }
        for Entry { name, value, remark } in &short {
            self.remark(remark.as_deref());
            self.entry(name.as_str(), value);
        }
        for Entry { name, value, remark } in &long {
            let Value::Table(fields) = value else { continue };
            self.header(&[path, &[name.as_str()]].concat());
            self.remark(remark.as_deref());
            for (key, value) in fields {
                self.entry(key, value);
            }
        }
    }

    fn remark(&mut self, remark: Option<&str>) {
        if let Some(remark) = remark {
            self.out.push_str(&format!("# {remark}\n"));
        }
    }
}

/// A named entry of a section.
struct Entry {
    name: Ident,
    value: Value,
    /// A comment for the reader.
    remark: Option<String>,
}

impl Entry {
    fn new(name: &Ident, value: Value) -> Self {
        Self { name: name.clone(), value, remark: None }
    }

    /// Only tables can have a section of their own.
    fn fits_a_line(&self) -> bool {
        let line = format!("{} = {}", quote_key(self.name.as_str()), self.value);
        !matches!(self.value, Value::Table(_)) || line.len() <= WIDTH
    }
}
