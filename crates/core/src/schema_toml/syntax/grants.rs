//! Privileges as written: `grants = { reader = ["select"] }` beside what they are on.

use super::node::{Fields, Node};
use super::{Name, Problems};

/// What one grantee has on one object.
#[derive(Debug, Clone)]
pub(crate) struct GrantSyntax {
    /// A role, `public` for everybody, or `owner`.
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
    let entries = fields.entries("grants", problems).into_iter();
    entries
        .map(|(grantee, node)| GrantSyntax { grantee, privileges: node.strings(problems) })
        .collect()
}

/// `[[default_privileges]]`.
pub(super) fn defaults(
    fields: &mut Fields<'_>,
    problems: &mut Problems,
) -> Vec<DefaultPrivilegesSyntax> {
    let Some(node) = fields.take("default_privileges") else { return Vec::new() };
    node.elements(problems).iter().filter_map(|it| entry(it, problems)).collect()
}

fn entry(node: &Node<'_>, problems: &mut Problems) -> Option<DefaultPrivilegesSyntax> {
    let mut fields = node.fields("default privileges", problems)?;
    let objects = fields.required("objects", problems);
    let namespace = fields.string("schema", problems);
    let role = fields.string("role", problems);
    let grants = grants(&mut fields, problems);
    let provided = fields.provided(problems);
    fields.finish(problems);
    Some(DefaultPrivilegesSyntax { objects: objects?, namespace, role, grants, provided })
}
