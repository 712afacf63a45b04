//! Objects with a definition in SQL.

use std::collections::BTreeMap;

use super::fields::FieldsOut;
use super::object::provided;
use super::toml_text::Value;
use super::{Entry, Writer};
use crate::model::Schema;
use crate::model::definition::{DefinedKind, Definition, Firing, Naming};
use crate::model::ident::{Ident, QualifiedName};
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::schema_toml::form::{COMMENT, DEFINITION, ENABLED, INDEXES, QUERY, ViewForm, form_of};
use crate::schema_toml::names;

impl<'s> Writer<'s> {
    /// The kinds that stand by themselves, those that tables may need or the others.
    pub(super) fn definitions(&mut self, before_tables: bool) {
        for kind in DefinedKind::ALL {
            let form = kind.form();
            if form.naming == Naming::OnRelation || form.before_tables != before_tables {
                continue;
            }
            let found: Vec<&Definition> = self.definitions_of(kind).collect();
            let mut entries = self.known_by_name(kind);
            if kind.is_relation() {
                let (short, long): (Vec<_>, Vec<_>) =
                    found.into_iter().partition(|it| self.is_only_sql(kind, it));
                let entry =
                    |it: &&Definition| self.definition(kind, it, &key(&it.id), query(kind, it));
                entries.extend(short.iter().map(entry));
                self.section(&[form.section], entries);
                long.iter().for_each(|it| self.view(kind, it));
            } else {
                entries
                    .extend(found.iter().map(|it| self.definition(kind, it, &key(&it.id), None)));
                self.section(&[form.section], entries);
            }
        }
    }

    /// What is provided, and known by its name alone.
    fn known_by_name(&self, kind: DefinedKind) -> Vec<Entry> {
        let names = self.provided.names.iter();
        let names = names.filter(|it| it.kind == ObjectKind::Defined(kind) && self.part.has(it));
        names.map(|it| Entry::new(&Ident::new(key(it)), provided(form_of(kind)))).collect()
    }

    /// What belongs to a table or view.
    pub(super) fn attached(&mut self, path: &[&str], relation: &QualifiedName) {
        for kind in DefinedKind::ALL {
            if kind.form().naming != Naming::OnRelation {
                continue;
            }
            let all = self.hanging.get(relation).into_iter().flatten();
            let found = all.filter(|it| it.id.kind == ObjectKind::Defined(kind));
            let entries =
                found.map(|it| self.definition(kind, it, it.id.name.as_str(), None)).collect();
            self.section(&[path, &[kind.form().section]].concat(), entries);
        }
    }

    /// Whether the SQL says all that there is to say of a view.
    fn is_only_sql(&self, kind: DefinedKind, view: &Definition) -> bool {
        let entry = self.definition(kind, view, &key(&view.id), query(kind, view));
        let bare = view.id.qualified_name().is_none_or(|it| {
            !self.hanging.contains_key(&it) && self.schema.indexes(&it).next().is_none()
        });
        bare && matches!(entry.value, Value::Text(_))
    }

    fn view(&mut self, kind: DefinedKind, view: &Definition) {
        let key = key(&view.id);
        let section = kind.form().section;
        let entry = self.definition(kind, view, &key, query(kind, view));
        match entry.value {
            Value::Table(fields) => {
                self.header(&[section, &key]);
                fields.iter().for_each(|(key, value)| self.entry(key, value));
            }
            text => {
                let word = if query(kind, view).is_some() { QUERY } else { DEFINITION };
                self.header(&[section, &key]);
                self.entry(word.name(), &text);
            }
        }
        if let Some(name) = view.id.qualified_name() {
            let indexes = self.indexes(&name);
            self.section(&[section, &key, INDEXES.name()], indexes);
            self.attached(&[section, &key], &name);
        }
    }

    /// The SQL, and what is said beside it.
    fn definition(
        &self,
        kind: DefinedKind,
        definition: &Definition,
        name: &str,
        query: Option<&str>,
    ) -> Entry {
        let mut fields = FieldsOut::new(form_of(kind));
        fields.optional(&COMMENT, definition.comment.as_deref());
        fields.word_unless(&ENABLED, definition.firing, Firing::Origin);
        let comments = definition.column_comments.iter();
        let comments = comments.map(|(name, text)| (name.as_str(), Value::text(text)));
        fields.map(&ViewForm::COLUMNS, comments);
        self.grants(&mut fields, &definition.id);
        let (key, sql) = match query {
            Some(query) => (QUERY, query.to_owned()),
            None => (DEFINITION, definition.statements.join(";\n")),
        };
        fields.text(&key, sql);
        Entry::new(&Ident::new(name), fields.short_by(key.name()))
    }

    fn definitions_of(&self, kind: DefinedKind) -> impl Iterator<Item = &'s Definition> + use<'s> {
        self.objects().filter_map(move |(id, object)| match object {
            Object::Defined(it) if id.kind == ObjectKind::Defined(kind) => Some(it),
            _ => None,
        })
    }
}

/// What belongs to relations, by relation.
pub(super) fn by_relation(schema: &Schema) -> BTreeMap<QualifiedName, Vec<&Definition>> {
    let mut found = BTreeMap::<QualifiedName, Vec<&Definition>>::new();
    for (id, object) in schema.iter() {
        if let (Object::Defined(it), Some(relation)) = (object, id.table_name()) {
            found.entry(relation).or_default().push(it);
        }
    }
    found
}

/// The name as a key, with all that tells it from others.
fn key(id: &ObjectId) -> String {
    let name = match (id.qualified_name(), id.kind) {
        (Some(name), ObjectKind::Defined(DefinedKind::Operator)) => {
            let public = name.namespace == Ident::public();
            let prefix =
                if public { String::new() } else { format!("{}.", name.namespace.as_str()) };
            format!("{prefix}{}", name.name.as_str())
        }
        (Some(name), _) => names::write_qualified(&name),
        (None, _) => id.name.as_str().to_owned(),
    };
    let signature = id.signature.as_ref().map_or("", |it| it.as_str());
    format!("{name}{signature}")
}

/// The query of a view, where its definition says nothing else.
fn query(kind: DefinedKind, view: &Definition) -> Option<&str> {
    let [create] = view.statements.as_slice() else { return None };
    let head = format!("CREATE {} {} AS\n", kind.form().keyword, view.id.qualified_name()?);
    create.strip_prefix(&head)
}
