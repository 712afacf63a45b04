//! Domains and composite types.

use super::column::{collation_text, not_null};
use super::object::written_name;
use super::toml_text::{FieldsOut, Value};
use super::{Entry, Writer};
use crate::model::composite::{Attribute, CompositeType};
use crate::model::domain::{Domain, DomainCheck};
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::schema_toml::names;

impl Writer<'_> {
    pub(super) fn domains(&mut self) {
        let entries = self.objects().filter_map(|(_, object)| {
            let Object::Domain(it) = object else { return None };
            let mut fields = domain(it);
            self.grants(&mut fields, &object.id());
            Some(Entry::new(&written_name(&it.name), fields.short("type")))
        });
        let entries = entries.collect();
        self.section(&["domains"], entries);
    }

    pub(super) fn composites(&mut self) {
        for (_, object) in self.objects() {
            if let Object::Composite(it) = object {
                self.composite(it);
            }
        }
    }

    fn composite(&mut self, composite: &CompositeType) {
        let name = names::write_qualified(&composite.name);
        let mut fields = FieldsOut::default();
        fields.optional("comment", composite.comment.as_deref());
        self.grants(&mut fields, &ObjectId::named(ObjectKind::Composite, &composite.name));
        let fields = fields.into_entries();
        if !fields.is_empty() || composite.attributes.is_empty() {
            self.header(&["composite_types", &name]);
            fields.iter().for_each(|(key, value)| self.entry(key, value));
        }
        if !composite.attributes.is_empty() {
            self.header(&["composite_types", &name, "attributes"]);
            for it in &composite.attributes {
                self.entry(it.name.as_str(), &attribute(it));
            }
        }
    }
}

fn domain(domain: &Domain) -> FieldsOut {
    let mut fields = FieldsOut::default();
    fields.text("type", domain.data_type.to_string());
    fields.optional("collation", domain.collation.as_deref().map(collation_text).as_deref());
    fields.flag("not_null", domain.not_null);
    not_null(&mut fields, &domain.not_null_constraint);
    fields.optional("default", domain.default.as_ref().map(|it| it.as_str()));
    if !domain.checks.is_empty() {
        let checks = domain.checks.iter();
        let checks = checks.map(|it| (it.name.as_str().to_owned(), check(it))).collect();
        fields.push("checks", Value::Table(checks));
    }
    fields.optional("comment", domain.comment.as_deref());
    fields
}

fn check(check: &DomainCheck) -> Value {
    let mut fields = FieldsOut::default();
    fields.text("expression", check.expression.as_str());
    fields.flag("not_valid", !check.validated);
    fields.optional("comment", check.comment.as_deref());
    fields.short("expression")
}

fn attribute(attribute: &Attribute) -> Value {
    let mut fields = FieldsOut::default();
    fields.text("type", attribute.data_type.to_string());
    fields.optional("collation", attribute.collation.as_deref().map(collation_text).as_deref());
    fields.optional("comment", attribute.comment.as_deref());
    fields.short("type")
}
