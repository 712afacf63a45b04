//! Domains and composite types as written.

use super::column::{self, NotNullSyntax};
use super::grants::{self, GrantSyntax};
use super::node::Node;
use super::table::{self, CheckSyntax};
use super::{Name, Problems};
use crate::schema_toml::form::{
    AttributeForm, COLLATION, COMMENT, CompositeForm, DomainForm, PROVIDED, RENAMED_FROM,
};

/// An entry of `[domains]`.
#[derive(Debug)]
pub(crate) struct DomainSyntax {
    pub(crate) grants: Vec<GrantSyntax>,
    pub(crate) name: Name,
    pub(crate) data_type: Option<Name>,
    pub(crate) collation: Option<Name>,
    pub(crate) not_null: bool,
    pub(crate) not_null_constraint: Option<NotNullSyntax>,
    pub(crate) default: Option<Name>,
    /// `check`, whose name PostgreSQL makes up.
    pub(crate) check: Option<Name>,
    pub(crate) checks: Vec<CheckSyntax>,
    pub(crate) comment: Option<String>,
    pub(crate) provided: bool,
    pub(crate) renamed_from: Option<Name>,
}

/// An entry of `[composite_types]`.
#[derive(Debug)]
pub(crate) struct CompositeSyntax {
    pub(crate) grants: Vec<GrantSyntax>,
    pub(crate) name: Name,
    pub(crate) attributes: Vec<AttributeSyntax>,
    pub(crate) comment: Option<String>,
    pub(crate) provided: bool,
    pub(crate) renamed_from: Option<Name>,
}

/// An attribute of a composite type.
#[derive(Debug)]
pub(crate) struct AttributeSyntax {
    pub(crate) name: Name,
    pub(crate) data_type: Name,
    pub(crate) collation: Option<Name>,
    pub(crate) comment: Option<String>,
}

/// A base type, or a table that says more.
pub(super) fn domain(name: Name, node: Node<'_>, problems: &mut Problems) -> Option<DomainSyntax> {
    let what = format!("domain `{}`", name.value);
    node.read::<DomainForm, _>(what, problems, |fields, problems| {
        Some(DomainSyntax {
            data_type: fields.required(&DomainForm::TYPE, problems),
            collation: fields.get(&COLLATION, problems),
            not_null: fields.flag(&DomainForm::NOT_NULL, problems),
            not_null_constraint: column::not_null_constraint(fields, problems),
            default: fields.get(&DomainForm::DEFAULT, problems),
            check: fields.get(&DomainForm::CHECK, problems),
            checks: fields.each(&DomainForm::CHECKS, table::check, problems),
            grants: grants::grants(fields, problems),
            comment: fields.get(&COMMENT, problems),
            provided: fields.flag(&PROVIDED, problems),
            renamed_from: fields.get(&RENAMED_FROM, problems),
            name,
        })
    })
}

/// `[composite_types.NAME]`.
pub(super) fn composite(
    name: Name,
    node: Node<'_>,
    problems: &mut Problems,
) -> Option<CompositeSyntax> {
    let what = format!("composite type `{}`", name.value);
    node.read::<CompositeForm, _>(what, problems, |fields, problems| {
        Some(CompositeSyntax {
            grants: grants::grants(fields, problems),
            attributes: fields.each(&CompositeForm::ATTRIBUTES, attribute, problems),
            comment: fields.get(&COMMENT, problems),
            provided: fields.flag(&PROVIDED, problems),
            renamed_from: fields.get(&RENAMED_FROM, problems),
            name,
        })
    })
}

/// A type, or a table that says more.
fn attribute(name: Name, node: Node<'_>, problems: &mut Problems) -> Option<AttributeSyntax> {
    let what = format!("attribute `{}`", name.value);
    node.read::<AttributeForm, _>(what, problems, |fields, problems| {
        Some(AttributeSyntax {
            collation: fields.get(&COLLATION, problems),
            comment: fields.get(&COMMENT, problems),
            data_type: fields.required(&AttributeForm::TYPE, problems)?,
            name,
        })
    })
}
