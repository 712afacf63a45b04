//! Privileges as written: `grants = { reader = ["select"] }` in the object.

use super::node::Fields;
use super::node::Node;
use super::{Name, Problems};
use crate::schema_toml::form::{DefaultPrivilegesForm, GRANTS, PROVIDED, RootForm};

/// What one grantee has on one object.
#[derive(Debug, Clone)]
pub(crate) struct GrantSyntax {
    /// A role, `public` for all roles, or `owner`.
    pub(crate) grantee: Name,
    /// Privileges, each perhaps `with grant option`.
    pub(crate) privileges: Vec<Name>,
}

/// An entry of `[[default_privileges]]`.
#[derive(Debug)]
pub(crate) struct DefaultPrivilegesSyntax {
    pub(crate) objects: Name,
    pub(crate) namespace: Option<Name>,
    pub(crate) role: Option<Name>,
    pub(crate) grants: Vec<GrantSyntax>,
    pub(crate) provided: bool,
}

/// `grants`.
pub(super) fn grants(fields: &mut Fields<'_>, problems: &mut Problems) -> Vec<GrantSyntax> {
    let entries = fields.map(&GRANTS, problems).into_iter();
    entries.map(|(grantee, privileges)| GrantSyntax { grantee, privileges }).collect()
}

/// `[[default_privileges]]`.
pub(super) fn defaults(
    fields: &mut Fields<'_>,
    problems: &mut Problems,
) -> Vec<DefaultPrivilegesSyntax> {
    let Some(node) = fields.take(&RootForm::DEFAULT_PRIVILEGES) else { return Vec::new() };
    node.elements(problems).iter().filter_map(|it| entry(it, problems)).collect()
}

fn entry(node: &Node<'_>, problems: &mut Problems) -> Option<DefaultPrivilegesSyntax> {
    node.read::<DefaultPrivilegesForm, _>("default privileges", problems, |fields, problems| {
        Some(DefaultPrivilegesSyntax {
            namespace: fields.get(&DefaultPrivilegesForm::SCHEMA, problems),
            role: fields.get(&DefaultPrivilegesForm::ROLE, problems),
            grants: grants(fields, problems),
            provided: fields.flag(&PROVIDED, problems),
            objects: fields.required(&DefaultPrivilegesForm::OBJECTS, problems)?,
        })
    })
}
