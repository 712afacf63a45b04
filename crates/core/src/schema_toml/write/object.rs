//! Extensions, namespaces, enums and sequences.

use super::toml_text::{FieldsOut, Value};
use super::{Entry, Writer};
use crate::model::ident::{Ident, QualifiedName};
use crate::model::object::Object;
use crate::model::sequence::{Sequence, SequenceOptions};
use crate::model::table::Persistence;
use crate::schema_toml::{extensions, names};

impl Writer<'_> {
    pub(super) fn extensions(&mut self) {
        let entries = self.objects().filter_map(|(_, object)| {
            let Object::Extension(extension) = object else { return None };
            let version = extension.version.as_deref().unwrap_or("*");
            let default = extensions::default_namespace(extension.name.as_str());
            let provided = self.provided.contains(&object.id());
            let value = if extension.namespace.as_str() == default && !provided {
                Value::text(version)
            } else {
                let mut fields = FieldsOut::default();
                fields.optional("version", extension.version.as_deref());
                if extension.namespace.as_str() != default {
                    fields.text("schema", extension.namespace.as_str());
                }
                fields.flag("provided", provided);
                fields.table()
            };
            Some(Entry::new(&extension.name, value))
        });
        let entries = entries.collect();
        self.section(&["extensions"], entries);
    }

    /// Namespaces that have a comment, and those that nothing stands in.
    pub(super) fn namespaces(&mut self) {
        for (_, object) in self.objects() {
            let Object::Namespace(namespace) = object else { continue };
            let mut fields = FieldsOut::default();
            fields.optional("comment", namespace.comment.as_deref());
            self.grants(&mut fields, &object.id());
            let fields = fields.into_entries();
            if fields.is_empty() && self.is_implied(&namespace.name) {
                continue;
            }
            self.header(&["schemas", namespace.name.as_str()]);
            fields.iter().for_each(|(key, value)| self.entry(key, value));
        }
    }

    /// Roles, which are always provided.
    pub(super) fn roles(&mut self) {
        if !self.part.has_global() {
            return;
        }
        let provided = || Value::Table(vec![("provided".to_owned(), Value::Bool(true))]);
        let entries = self.provided.roles.iter().map(|it| Entry::new(it, provided())).collect();
        self.section(&["roles"], entries);
    }

    fn is_implied(&self, namespace: &Ident) -> bool {
        *namespace == Ident::public()
            || self.schema.iter().any(|(id, object)| match object {
                Object::Extension(extension) => extension.namespace == *namespace,
                _ => id.namespace.as_ref() == Some(namespace),
            })
    }

    pub(super) fn enums(&mut self) {
        let entries = self.objects().filter_map(|(_, object)| {
            let Object::Enum(it) = object else { return None };
            let mut fields = FieldsOut::default();
            fields.push("labels", Value::texts(&it.labels));
            fields.optional("comment", it.comment.as_deref());
            self.grants(&mut fields, &object.id());
            Some(Entry::new(&written_name(&it.name), fields.short("labels")))
        });
        let entries = entries.collect();
        self.section(&["enums"], entries);
    }

    /// The sequences that no `serial` stands for.
    pub(super) fn sequences(&mut self) {
        let entries = self.objects().filter_map(|(_, object)| {
            let Object::Sequence(sequence) = object else { return None };
            let serial = sequence.owned_by.as_ref().is_some_and(|it| self.serial(it).is_some());
            let mut fields = fields(sequence);
            self.grants(&mut fields, &object.id());
            (!serial).then(|| Entry::new(&written_name(&sequence.name), fields.table()))
        });
        let entries = entries.collect();
        self.section(&["sequences"], entries);
    }
}

/// A name with its namespace, as the key of an entry.
pub(super) fn written_name(name: &QualifiedName) -> Ident {
    Ident::new(names::write_qualified(name))
}

fn fields(sequence: &Sequence) -> FieldsOut {
    let mut fields = FieldsOut::default();
    counting(&mut fields, &sequence.options, "bigint");
    if let Some(owner) = &sequence.owned_by {
        let table = names::write_qualified(&owner.table);
        fields.text("owned_by", format!("{table}.{}", names::write_part(&owner.column)));
    }
    fields.flag("unlogged", sequence.persistence == Persistence::Unlogged);
    fields.optional("comment", sequence.comment.as_deref());
    fields
}

/// What differs from the defaults of a sequence.
pub(super) fn counting(fields: &mut FieldsOut, options: &SequenceOptions, default_type: &str) {
    if options.data_type.name != default_type {
        fields.text("type", options.data_type.to_string());
    }
    let usual = SequenceOptions::with_increment(options.data_type.clone(), options.increment);
    // Without a start of its own a sequence begins at the bound that it counts away from.
    let start = if options.increment < 0 { options.max } else { options.min };
    let numbers = [
        ("start", options.start, start),
        ("increment", options.increment, 1),
        ("min", options.min, usual.min),
        ("max", options.max, usual.max),
        ("cache", options.cache, 1),
    ];
    for (key, value, default) in numbers {
        if value != default {
            fields.push(key, Value::Number(value.to_string()));
        }
    }
    fields.flag("cycle", options.cycle);
}
