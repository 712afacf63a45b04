//! The input of code generation, the same for both languages: tables with their fields, keys,
//! orders and searches, and the enums and composite types that they use.
//!
//! In: the schema and the code settings of the declaration. Out: a [`Blueprint`], or all reasons
//! why there is none. Names are split into words and joined here; the rules of a language for names
//! belong to that language.

mod entity;
mod parts;
mod search;

pub(super) use entity::{Entity, Field, ListOrder};
pub(super) use search::{Method, Reduced, Rerank, Search, TextSource, Usual, bytes_of};

use std::collections::{BTreeMap, BTreeSet};

use super::error::{CodegenError, CodegenWarning};
use super::names::{model_name, pascal_case};
use super::value_type::{ValueType, value_type};
use crate::model::Schema;
use crate::model::code_hints::CodeHints;
use crate::model::composite::CompositeType;
use crate::model::definition::Definition;
use crate::model::enum_type::EnumType;
use crate::model::fingerprint::Fingerprint;
use crate::model::ident::{Ident, PUBLIC, QualifiedName};
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::model::pg_type::PgType;
use crate::model::pgvector::EXTENSION;

/// Everything that code is generated for.
pub(super) struct Blueprint {
    /// The tables and views, by the names of their modules.
    pub(super) entities: Vec<Entity>,
    /// The enums that they use.
    pub(super) enums: Vec<EnumCode>,
    /// The composite types that they use.
    pub(super) composites: Vec<CompositeCode>,
    /// Where pgvector is, unless it is in `public`.
    pub(super) vector_namespace: Option<Ident>,
    /// Why code cannot be generated.
    pub(super) errors: Vec<CodegenError>,
    /// What deserves a look.
    pub(super) warnings: Vec<CodegenWarning>,
}

/// An enum as code.
pub(super) struct EnumCode {
    pub(super) name: QualifiedName,
    pub(super) model: String,
    pub(super) comment: Option<String>,
    /// Whether labels that are not known are kept as text.
    pub(super) open: bool,
    /// Whether a domain or a composite type has values of it, and so it is there before all tables.
    pub(super) underlies: bool,
    pub(super) labels: Vec<Label>,
}

/// A label of an enum.
pub(super) struct Label {
    pub(super) text: String,
    /// Its name as the declaration gives it; else languages make their own.
    pub(super) name: Option<String>,
}

/// A composite type as code.
pub(super) struct CompositeCode {
    pub(super) name: QualifiedName,
    pub(super) model: String,
    pub(super) comment: Option<String>,
    /// The names of the attributes, and what they hold.
    pub(super) attributes: Vec<(Ident, ValueType)>,
}

impl Blueprint {
    pub(super) fn draw(schema: &Schema, hints: &CodeHints) -> Self {
        let mut draft = Draft { schema, hints, errors: Vec::new(), warnings: Vec::new() };
        draft.known_hints();
        let entities = draft.entities();
        let used = entities.iter().flat_map(|it| &it.fields).map(|it| &it.value_type);
        let mut types: BTreeMap<QualifiedName, ValueType> = BTreeMap::new();
        for part in used.flat_map(ValueType::parts) {
            if let ValueType::Enum(name) | ValueType::Composite(name) = part {
                types.insert(name.clone(), part.clone());
            }
        }
        let composites = draft.composites(&mut types);
        let enums = draft.enums(&types);
        let extension = schema.iter().find_map(|(_, it)| match it {
            Object::Extension(it) if it.name.as_str() == EXTENSION => Some(it.namespace.clone()),
            _ => None,
        });
        Self {
            entities,
            enums,
            composites,
            vector_namespace: extension.filter(|it| it.as_str() != PUBLIC),
            errors: draft.errors,
            warnings: draft.warnings,
        }
    }

    /// The enum of a name; the blueprint has every one that is used.
    pub(super) fn enum_of(&self, name: &QualifiedName) -> &EnumCode {
        let found = self.enums.iter().find(|it| it.name == *name);
        found.expect("a blueprint has the enums that its fields use")
    }

    /// The composite type of a name; the blueprint has every one that is used.
    pub(super) fn composite_of(&self, name: &QualifiedName) -> &CompositeCode {
        let found = self.composites.iter().find(|it| it.name == *name);
        found.expect("a blueprint has the composite types that its fields use")
    }

    /// The types of all fields with all their parts.
    pub(super) fn used_types(&self) -> impl Iterator<Item = &ValueType> {
        let fields = self.entities.iter().flat_map(|it| &it.fields).map(|it| &it.value_type);
        let attributes = self.composites.iter().flat_map(|it| &it.attributes).map(|it| &it.1);
        fields.chain(attributes).flat_map(ValueType::parts)
    }
}

/// A blueprint under way.
struct Draft<'s> {
    schema: &'s Schema,
    hints: &'s CodeHints,
    errors: Vec<CodegenError>,
    warnings: Vec<CodegenWarning>,
}

impl Draft<'_> {
    fn error(&mut self, object: ObjectId, message: impl Into<String>, help: impl Into<String>) {
        self.errors.push(CodegenError { object, message: message.into(), help: help.into() });
    }

    fn warning(&mut self, object: ObjectId, message: impl Into<String>) {
        self.warnings.push(CodegenWarning { object, message: message.into() });
    }

    /// Labels with names of their own must exist.
    fn known_hints(&mut self) {
        let hints = self.hints;
        for (name, enum_hints) in &hints.enums {
            let id = ObjectId::named(ObjectKind::Enum, name);
            let Some(Object::Enum(it)) = self.schema.get(&id) else { continue };
            for label in enum_hints.names.keys().filter(|label| !it.labels.contains(label)) {
                let message = format!("enum `{name}` has no label `{label}`");
                self.error(id.clone(), message, "the keys of `names` are labels");
            }
        }
    }

    /// The composite types that are used, with those that they are made of.
    fn composites(&mut self, types: &mut BTreeMap<QualifiedName, ValueType>) -> Vec<CompositeCode> {
        let mut found: BTreeMap<QualifiedName, CompositeCode> = BTreeMap::new();
        let mut waiting: Vec<QualifiedName> = types.keys().cloned().collect();
        while let Some(name) = waiting.pop() {
            if found.contains_key(&name) || !matches!(types[&name], ValueType::Composite(_)) {
                continue;
            }
            let Some(composite) = self.composite(&name) else { continue };
            for part in composite.attributes.iter().flat_map(|it| it.1.parts()) {
                if let ValueType::Enum(inner) | ValueType::Composite(inner) = part {
                    types.insert(inner.clone(), part.clone());
                    waiting.push(inner.clone());
                }
            }
            found.insert(name, composite);
        }
        found.into_values().collect()
    }

    fn composite(&mut self, name: &QualifiedName) -> Option<CompositeCode> {
        let id = ObjectId::named(ObjectKind::Composite, name);
        let (id, attributes, comment) = match self.schema.get(&id) {
            Some(Object::Composite(CompositeType { attributes, comment, .. })) => {
                let attributes =
                    attributes.iter().map(|it| (it.name.clone(), it.data_type.clone()));
                (id, attributes.collect::<Vec<_>>(), comment.clone())
            }
            // The row type of a table.
            _ => {
                let names = self.schema.column_names(name);
                let columns = names.iter().filter_map(|it| self.schema.column(name, it));
                let attributes = columns.map(|it| (it.name, it.data_type));
                (ObjectId::table(name), attributes.collect(), None)
            }
        };
        let mut typed = Vec::new();
        for (attribute, data_type) in attributes {
            match value_type(self.schema, &data_type) {
                Some(it) => typed.push((attribute, it)),
                None => {
                    let message =
                        format!("`{data_type}` has no type in code (`{name}`.{attribute})");
                    self.error(id.clone(), message, "skip the tables that use it");
                }
            }
        }
        let model = model_name(name.name.as_str());
        Some(CompositeCode { name: name.clone(), model, comment, attributes: typed })
    }

    fn enums(&mut self, types: &BTreeMap<QualifiedName, ValueType>) -> Vec<EnumCode> {
        let names = types.keys().filter(|it| matches!(types[it], ValueType::Enum(_)));
        let enums = names.filter_map(|name| {
            let id = ObjectId::named(ObjectKind::Enum, name);
            let Some(Object::Enum(EnumType { labels, comment, .. })) = self.schema.get(&id) else {
                return None;
            };
            let hints = self.hints.enums.get(name).cloned().unwrap_or_default();
            let label =
                |text: &String| Label { text: text.clone(), name: hints.names.get(text).cloned() };
            Some(EnumCode {
                name: name.clone(),
                model: hints.model.clone().unwrap_or_else(|| pascal_case(name.name.as_str())),
                comment: comment.clone(),
                open: hints.open,
                underlies: underlies_a_type(self.schema, name),
                labels: labels.iter().map(label).collect(),
            })
        });
        enums.collect()
    }

    /// The types that a value is made of, as the schema calls them.
    fn names_of(&self, value_type: &ValueType, used: &mut BTreeSet<QualifiedName>) {
        for part in value_type.parts() {
            let (ValueType::Enum(name) | ValueType::Composite(name) | ValueType::Domain(name, _)) =
                part
            else {
                continue;
            };
            let id = ObjectId::named(ObjectKind::Composite, name);
            let new = used.insert(name.clone());
            if let (true, Some(Object::Composite(it))) = (new, self.schema.get(&id)) {
                let attributes = it.attributes.iter();
                let inner =
                    attributes.filter_map(|it| self::value_type(self.schema, &it.data_type));
                inner.for_each(|it| self.names_of(&it, used));
            }
        }
    }

    /// The fingerprint of all that the file of a table or view depends on. Of a view that is its
    /// columns; versions of PostgreSQL print its query each in their way.
    fn fingerprint(&self, relation: &ObjectId, types: &[&ValueType]) -> String {
        let name = relation.qualified_name();
        let kinds =
            [ObjectKind::Table, ObjectKind::Column, ObjectKind::Constraint, ObjectKind::Index];
        let mut used: BTreeSet<QualifiedName> = BTreeSet::new();
        types.iter().for_each(|it| self.names_of(it, &mut used));
        let belongs = |id: &ObjectId| {
            id == relation
                || (kinds.contains(&id.kind) && id.table_name() == name)
                || id.qualified_name().is_some_and(|it| used.contains(&it))
        };
        let objects = self.schema.iter().filter(|(id, _)| belongs(id));
        let told = |it: &Object| match it {
            Object::Defined(view) if view.id == *relation => {
                Definition { statements: Vec::new(), ..view.clone() }.into()
            }
            other => other.clone(),
        };
        let part: Schema = objects.map(|(_, it)| told(it)).collect();
        Fingerprint::of(&part).to_string()
    }
}

/// Whether a domain or a composite type is made of a type.
fn underlies_a_type(schema: &Schema, name: &QualifiedName) -> bool {
    let namespace = (name.namespace.as_str() != PUBLIC).then_some(&name.namespace);
    let is_it = |it: &PgType| it.namespace.as_ref() == namespace && it.name == name.name.as_str();
    schema.iter().any(|(_, object)| match object {
        Object::Domain(it) => is_it(&it.data_type),
        Object::Composite(it) => it.attributes.iter().any(|it| is_it(&it.data_type)),
        _ => false,
    })
}
