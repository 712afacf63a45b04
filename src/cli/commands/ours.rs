//! What `pull` and `adopt` take for the role's own, and what they leave to others.

use crate::diff::ours::{Division, divide};
use crate::model::object::ObjectKind;
use crate::model::snapshot::Snapshot;

use super::super::Context;

/// Divides what a database has.
pub(super) fn divided(context: &Context, live: &Snapshot) -> Division {
    let named = context.workspace.named_namespaces();
    divide(live, &named, &|it| context.workspace.can_create_extension(it))
}

/// Says what is left alone.
pub(super) fn tell_left(context: &Context, division: &Division) {
    for (owner, ids) in &division.left {
        let names: Vec<String> = ids.iter().map(ToString::to_string).collect();
        context.ui.note(&format!("left alone, for role {owner} owns it: {}", names.join(", ")));
    }
    if division.left.values().flatten().any(|it| it.kind == ObjectKind::Namespace) {
        context
            .ui
            .hint("schemas that are to be managed are named in aludel.toml: [database] namespaces");
    }
}
