//! Domains and composite types.

use super::column::{collation_text, not_null};
use super::fields::FieldsOut;
use super::object::written_name;
use super::toml_text::Value;
use super::{Entry, Writer};
use crate::model::composite::{Attribute, CompositeType};
use crate::model::domain::{Domain, DomainCheck};
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::schema_toml::form::{
    AttributeForm, COLLATION, COMMENT, CheckForm, CompositeForm, DomainForm, NOT_VALID, RootForm,
};
use crate::schema_toml::names;

impl Writer<'_> {
    pub(super) fn domains(&mut self) {
        let entries = self.objects().filter_map(|(_, object)| {
            let Object::Domain(it) = object else { return None };
            let mut fields = domain(it);
            self.grants(&mut fields, &object.id());
            Some(Entry::new(&written_name(&it.name), fields.short()))
        });
        let entries = entries.collect();
        self.section(&[RootForm::DOMAINS.name()], entries);
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
        let mut fields = FieldsOut::of::<CompositeForm>();
        fields.optional(&COMMENT, composite.comment.as_deref());
        self.grants(&mut fields, &ObjectId::named(ObjectKind::Composite, &composite.name));
        let (fields, section) = (fields.into_entries(), RootForm::COMPOSITES.name());
        if !fields.is_empty() || composite.attributes.is_empty() {
            self.header(&[section, &name]);
            fields.iter().for_each(|(key, value)| self.entry(key, value));
        }
        if !composite.attributes.is_empty() {
            self.header(&[section, &name, CompositeForm::ATTRIBUTES.name()]);
            for it in &composite.attributes {
                self.entry(it.name.as_str(), &attribute(it));
            }
        }
    }
}

fn domain(domain: &Domain) -> FieldsOut {
    let mut fields = FieldsOut::of::<DomainForm>();
    fields.text(&DomainForm::TYPE, domain.data_type.to_string());
    fields.optional(&COLLATION, domain.collation.as_deref().map(collation_text).as_deref());
    fields.flag(&DomainForm::NOT_NULL, domain.not_null);
    not_null(&mut fields, &domain.not_null_constraint);
    fields.optional(&DomainForm::DEFAULT, domain.default.as_ref().map(|it| it.as_str()));
    let checks = domain.checks.iter().map(|it| (it.name.as_str(), check(it)));
    fields.map(&DomainForm::CHECKS, checks);
    fields.optional(&COMMENT, domain.comment.as_deref());
    fields
}

fn check(check: &DomainCheck) -> Value {
    let mut fields = FieldsOut::of::<CheckForm>();
    fields.text(&CheckForm::EXPRESSION, check.expression.as_str());
    fields.flag(&NOT_VALID, !check.validated);
    fields.optional(&COMMENT, check.comment.as_deref());
    fields.short()
}

fn attribute(attribute: &Attribute) -> Value {
    let mut fields = FieldsOut::of::<AttributeForm>();
    fields.text(&AttributeForm::TYPE, attribute.data_type.to_string());
    fields.optional(&COLLATION, attribute.collation.as_deref().map(collation_text).as_deref());
    fields.optional(&COMMENT, attribute.comment.as_deref());
    fields.short()
}
