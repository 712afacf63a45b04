//! Which objects `pull` and `adopt` manage, and which belong to other roles.

use crate::diff::ours::{Division, divide};
use crate::model::object::ObjectKind;
use crate::model::snapshot::Snapshot;

use super::Project;

/// Divides what a database has.
pub(super) fn divided(project: &Project, live: &Snapshot) -> Division {
    let named = project.workspace.named_namespaces();
    divide(live, &named, &|it| project.workspace.can_create_extension(it))
}

/// Says what is left alone.
pub(super) fn tell_left(project: &Project, division: &Division) {
    for (owner, ids) in &division.left {
        let names: Vec<String> = ids.iter().map(ToString::to_string).collect();
        project.note(&format!("not managed, because role {owner} owns it: {}", names.join(", ")));
    }
    if division.left.values().flatten().any(|it| it.kind == ObjectKind::Namespace) {
        project
            .hint("to manage a schema all the same, list it in aludel.toml: [database] namespaces");
    }
}
