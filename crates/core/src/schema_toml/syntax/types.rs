//! Domains and composite types as written.

use super::column::{self, NotNullSyntax};
use super::grants::{self, GrantSyntax};
use super::node::Node;
use super::table::{self, CheckSyntax};
use super::{Name, Problems, each};

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
    let mut domain = DomainSyntax {
        grants: Vec::new(),
        name,
        data_type: None,
        collation: None,
        not_null: false,
        not_null_constraint: None,
        default: None,
        check: None,
        checks: Vec::new(),
        comment: None,
        provided: false,
        renamed_from: None,
    };
    if node.is_string() {
        domain.data_type = node.string(problems);
        return Some(domain);
    }
    if !node.is_table() {
        return node.wrong("a type, or a table with `type`", problems);
    }
    let mut fields = node.fields(format!("domain `{}`", domain.name.value), problems)?;
    domain.data_type = fields.required("type", problems);
    domain.collation = fields.string("collation", problems);
    domain.not_null = fields.flag("not_null", problems);
    domain.not_null_constraint = column::not_null_constraint(&mut fields, problems);
    domain.default = fields.take("default").and_then(|it| it.scalar(problems));
    domain.check = fields.string("check", problems);
    domain.checks = each(&mut fields, "checks", table::check, problems);
    domain.grants = grants::grants(&mut fields, problems);
    domain.comment = fields.comment(problems);
    domain.provided = fields.provided(problems);
    domain.renamed_from = fields.string("renamed_from", problems);
    fields.finish(problems);
    Some(domain)
}

/// `[composite_types.NAME]`.
pub(super) fn composite(
    name: Name,
    node: Node<'_>,
    problems: &mut Problems,
) -> Option<CompositeSyntax> {
    let mut fields = node.fields(format!("composite type `{}`", name.value), problems)?;
    let composite = CompositeSyntax {
        grants: grants::grants(&mut fields, problems),
        attributes: each(&mut fields, "attributes", attribute, problems),
        comment: fields.comment(problems),
        provided: fields.provided(problems),
        renamed_from: fields.string("renamed_from", problems),
        name,
    };
    fields.finish(problems);
    Some(composite)
}

/// A type, or a table that says more.
fn attribute(name: Name, node: Node<'_>, problems: &mut Problems) -> Option<AttributeSyntax> {
    if node.is_string() {
        let data_type = node.string(problems)?;
        return Some(AttributeSyntax { name, data_type, collation: None, comment: None });
    }
    if !node.is_table() {
        return node.wrong("a type, or a table with `type`", problems);
    }
    let mut fields = node.fields(format!("attribute `{}`", name.value), problems)?;
    let data_type = fields.required("type", problems);
    let collation = fields.string("collation", problems);
    let comment = fields.comment(problems);
    fields.finish(problems);
    Some(AttributeSyntax { name, data_type: data_type?, collation, comment })
}
