//! Domains and composite types.

use super::Lowering;
use super::generated_names::{Recipe, free_name};
use crate::diagnostic::Diagnostic;
use crate::model::composite::{Attribute, CompositeType};
use crate::model::domain::{Domain, DomainCheck};
use crate::model::ident::Ident;
use crate::model::not_null::NotNull;
use crate::model::object::{ObjectId, ObjectKind};
use crate::schema_toml::syntax::{AttributeSyntax, CheckSyntax, CompositeSyntax, DomainSyntax};

impl Lowering<'_> {
    /// `[domains.NAME]`.
    pub(super) fn domain(&mut self, syntax: &DomainSyntax) {
        let Some(name) = self.qualified(&syntax.name) else { return };
        let Some(written) = &syntax.data_type else { return };
        let Some(data_type) = self.data_type(written) else { return };
        let mut checks: Vec<DomainCheck> = Vec::new();
        for check in &syntax.checks {
            checks.extend(self.domain_check(check));
        }
        if let Some(check) = &syntax.check {
            let recipe = Recipe { table: &name.name, columns: &[], label: "check" };
            let name = free_name(recipe, |it| checks.iter().any(|check| check.name == *it));
            let expression = self.expression(check);
            checks.push(DomainCheck { name, expression, validated: true, comment: None });
        }
        checks.sort_by(|a, b| a.name.cmp(&b.name));
        let id = ObjectId::named(ObjectKind::Domain, &name);
        self.grants(&id, &syntax.grants);
        self.mark_provided(&id, syntax.provided);
        self.rename_qualified(id, syntax.renamed_from.as_ref());
        let domain = Domain {
            data_type,
            collation: syntax.collation.as_ref().and_then(|it| self.collation(it)),
            not_null: syntax.not_null,
            not_null_constraint: self.domain_not_null(syntax),
            default: syntax.default.as_ref().map(|it| self.expression(it)),
            checks,
            comment: syntax.comment.clone(),
            name,
        };
        self.insert(domain, syntax.name.span);
    }

    fn domain_not_null(&mut self, syntax: &DomainSyntax) -> NotNull {
        let Some(written) = &syntax.not_null_constraint else { return NotNull::default() };
        if !syntax.not_null || written.no_inherit || written.not_valid {
            let message = "the NOT NULL constraint of a domain can have a name and a comment, and \
                           needs `not_null = true`";
            self.problem(Diagnostic::error(written.span, message));
        }
        self.not_null_of(written)
    }

    fn domain_check(&mut self, syntax: &CheckSyntax) -> Option<DomainCheck> {
        let name = self.ident(&syntax.name)?;
        if syntax.no_inherit {
            let message = "a check of a domain is never inherited";
            self.problem(Diagnostic::error(syntax.name.span, message));
        }
        Some(DomainCheck {
            name,
            expression: self.expression(&syntax.expression),
            validated: !syntax.not_valid,
            comment: syntax.comment.clone(),
        })
    }

    /// `[composite_types.NAME]`.
    pub(super) fn composite(&mut self, syntax: &CompositeSyntax) {
        let Some(name) = self.qualified(&syntax.name) else { return };
        let id = ObjectId::named(ObjectKind::Composite, &name);
        self.take_relation(&name, "composite type", syntax.name.span);
        self.grants(&id, &syntax.grants);
        self.mark_provided(&id, syntax.provided);
        self.rename_qualified(id, syntax.renamed_from.as_ref());
        let attributes = syntax.attributes.iter().filter_map(|it| self.attribute(it)).collect();
        let comment = syntax.comment.clone();
        self.insert(CompositeType { name, attributes, comment }, syntax.name.span);
    }

    fn attribute(&mut self, syntax: &AttributeSyntax) -> Option<Attribute> {
        self.ident(&syntax.name)?;
        Some(Attribute {
            name: Ident::new(syntax.name.as_str()),
            data_type: self.data_type(&syntax.data_type)?,
            collation: syntax.collation.as_ref().and_then(|it| self.collation(it)),
            comment: syntax.comment.clone(),
        })
    }
}
