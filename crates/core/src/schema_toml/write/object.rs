//! Extensions, namespaces, enums and sequences.

use super::fields::FieldsOut;
use super::toml_text::Value;
use super::{Entry, Writer};
use crate::model::base_type::BaseType;
use crate::model::ident::{Ident, QualifiedName};
use crate::model::object::Object;
use crate::model::sequence::{Sequence, SequenceOptions};
use crate::model::table::Persistence;
use crate::schema_toml::form::{
    CACHE, COMMENT, CYCLE, EnumForm, ExtensionForm, Form, Formed, INCREMENT, Key, MAX, MIN,
    NamespaceForm, PROVIDED, RoleForm, RootForm, START, SequenceForm, Text,
};
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
                let mut fields = FieldsOut::of::<ExtensionForm>();
                fields.optional(&ExtensionForm::VERSION, extension.version.as_deref());
                if extension.namespace.as_str() != default {
                    fields.text(&ExtensionForm::SCHEMA, extension.namespace.as_str());
                }
                fields.flag(&PROVIDED, provided);
                fields.table()
            };
            Some(Entry::new(&extension.name, value))
        });
        let entries = entries.collect();
        self.section(&[RootForm::EXTENSIONS.name()], entries);
    }

    /// Namespaces that have a comment, and those that nothing stands in.
    pub(super) fn namespaces(&mut self) {
        for (_, object) in self.objects() {
            let Object::Namespace(namespace) = object else { continue };
            let mut fields = FieldsOut::of::<NamespaceForm>();
            fields.optional(&COMMENT, namespace.comment.as_deref());
            self.grants(&mut fields, &object.id());
            let fields = fields.into_entries();
            if fields.is_empty() && self.is_implied(&namespace.name) {
                continue;
            }
            self.header(&[RootForm::SCHEMAS.name(), namespace.name.as_str()]);
            fields.iter().for_each(|(key, value)| self.entry(key, value));
        }
    }

    /// Roles, which are always provided.
    pub(super) fn roles(&mut self) {
        if !self.part.has_global() {
            return;
        }
        let roles = self.provided.roles.iter();
        let entries = roles.map(|it| Entry::new(it, provided(RoleForm::FORM))).collect();
        self.section(&[RootForm::ROLES.name()], entries);
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
            let mut fields = FieldsOut::of::<EnumForm>();
            fields.push(&EnumForm::LABELS, Value::texts(&it.labels));
            fields.optional(&COMMENT, it.comment.as_deref());
            self.grants(&mut fields, &object.id());
            Some(Entry::new(&written_name(&it.name), fields.short()))
        });
        let entries = entries.collect();
        self.section(&[RootForm::ENUMS.name()], entries);
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
        self.section(&[RootForm::SEQUENCES.name()], entries);
    }
}

/// What is provided, and known by its name alone.
pub(super) fn provided(form: &'static Form) -> Value {
    let mut fields = FieldsOut::new(form);
    fields.flag(&PROVIDED, true);
    fields.table()
}

/// A name with its namespace, as the key of an entry.
pub(super) fn written_name(name: &QualifiedName) -> Ident {
    Ident::new(names::write_qualified(name))
}

fn fields(sequence: &Sequence) -> FieldsOut {
    let mut fields = FieldsOut::of::<SequenceForm>();
    counting(&mut fields, &SequenceForm::TYPE, &sequence.options, Some(BaseType::Bigint));
    if let Some(owner) = &sequence.owned_by {
        let table = names::write_qualified(&owner.table);
        let column = names::write_part(&owner.column);
        fields.text(&SequenceForm::OWNED_BY, format!("{table}.{column}"));
    }
    fields.flag(&SequenceForm::UNLOGGED, sequence.persistence == Persistence::Unlogged);
    fields.optional(&COMMENT, sequence.comment.as_deref());
    fields
}

/// What differs from the defaults of a sequence.
pub(super) fn counting(
    fields: &mut FieldsOut,
    data_type: &Key<Text>,
    options: &SequenceOptions,
    default: Option<BaseType>,
) {
    if options.data_type.base() != default {
        fields.text(data_type, options.data_type.to_string());
    }
    let usual = SequenceOptions::with_increment(options.data_type.clone(), options.increment);
    // Without a start of its own a sequence begins at the bound that it counts away from.
    let start = if options.increment < 0 { options.max } else { options.min };
    let numbers = [
        (START, options.start, start),
        (INCREMENT, options.increment, 1),
        (MIN, options.min, usual.min),
        (MAX, options.max, usual.max),
        (CACHE, options.cache, 1),
    ];
    for (key, value, default) in numbers {
        if value != default {
            fields.number(&key, value);
        }
    }
    fields.flag(&CYCLE, options.cycle);
}
