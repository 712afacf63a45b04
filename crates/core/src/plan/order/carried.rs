//! Owners and privileges of objects that are dropped and recreated: saved before the first DROP,
//! restored after the last CREATE.
//!
//! Privileges declared in schema.toml are granted like every other change. All others belong to the
//! database that the plan runs on, and no file has them; so SQL statements save and restore them.
//! PostgreSQL gives a new object its creator as owner, and default privileges (ALTER DEFAULT
//! PRIVILEGES).

use std::collections::BTreeSet;

use crate::diff::privileges::declares_privileges;
use crate::model::Schema;
use crate::model::definition::DefinedKind;
use crate::model::object::{ObjectId, ObjectKind};
use crate::plan::decisions::disposition::Disposition;
use crate::plan::graph::{Graph, Key, Nodes};
use crate::plan::statement::Statement;

/// The statements of all nodes in order, with those that carry over around them.
pub(in crate::plan) fn with_carried(
    graph: &Graph<'_>,
    ordered: Vec<Key>,
    mut nodes: Nodes,
) -> Vec<(ObjectId, Statement)> {
    let privileges = !declares_privileges(&graph.site.from.schema)
        && !declares_privileges(&graph.site.to.schema);
    let mut carried = carried(graph);
    // A column has no owner.
    carried.retain(|it| privileges || it.kind != ObjectKind::Column);
    let (mut said, mut noted, mut back) = (Vec::new(), false, Vec::new());
    for key in ordered {
        let goes = |it: &&ObjectId| graph.ends_with(it, &key);
        if !noted && let Some(first) = carried.iter().find(goes) {
            let objects = carried.iter().flat_map(|it| with_sequence(graph, it)).collect();
            said.push((first.clone(), Statement::NoteOwners { objects, privileges }));
            noted = true;
        }
        for statement in nodes.remove(&key).unwrap_or_default() {
            if ends_transaction(&statement) {
                restore(&mut said, &mut back, privileges);
            }
            said.push((key.id.clone(), statement));
        }
        let begun = carried.iter().filter(|it| graph.begins_with(it, &key));
        back.extend(begun.flat_map(|it| with_sequence(graph, it)));
    }
    restore(&mut said, &mut back, privileges);
    said
}

/// Gives back what has been made since the last time, as soon as all of it is there.
fn restore(said: &mut Vec<(ObjectId, Statement)>, back: &mut Vec<ObjectId>, privileges: bool) {
    let last = said.iter().rposition(|(id, _)| back.contains(id)).map_or(said.len(), |it| it + 1);
    let objects = std::mem::take(back);
    if let Some(first) = objects.first().cloned() {
        said.insert(last, (first, Statement::RestoreOwners { objects, privileges }));
    }
}

/// Whether what was done before a statement is there for all to see after it.
fn ends_transaction(statement: &Statement) -> bool {
    match statement {
        Statement::AddLabel { .. } | Statement::Fill { .. } => true,
        Statement::CreateIndex { concurrently, .. } | Statement::DropIndex { concurrently, .. } => {
            *concurrently
        }
        _ => false,
    }
}

/// What is dropped and recreated by the same name, and has an owner or privileges.
fn carried(graph: &Graph<'_>) -> BTreeSet<ObjectId> {
    let recreated = graph.site.dispositions.iter().filter(|(_, it)| match it {
        Disposition::Replace | Disposition::Expand(_) | Disposition::ReplaceType => true,
        Disposition::Create
        | Disposition::Drop
        | Disposition::DetachAndDrop
        | Disposition::Alter(_) => false,
    });
    let stays =
        |it: &ObjectId| graph.site.from.schema.contains(it) && graph.site.to.schema.contains(it);
    let recreated: BTreeSet<ObjectId> = recreated.map(|(id, _)| id.clone()).filter(stays).collect();
    let has_privileges = |it: &&ObjectId| match it.kind {
        // With its table, all that is granted on its columns.
        ObjectKind::Column => {
            it.table_name().is_some_and(|it| !recreated.contains(&ObjectId::table(&it)))
        }
        kind => is_owned(kind),
    };
    recreated.iter().filter(has_privileges).cloned().collect()
}

/// An object, and of an identity column that stays one the sequence, which is made again with it.
fn with_sequence(graph: &Graph<'_>, id: &ObjectId) -> Vec<ObjectId> {
    let sides = [&graph.site.from.schema, &graph.site.to.schema];
    let sequence = |side: &Schema| Some(side.column(&id.table_name()?, &id.name)?.identity()?.0);
    let sequence = match sides.map(sequence) {
        [Some(before), Some(after)] if before == after => Some(before),
        _ => None,
    };
    let sequence = sequence.map(|it| ObjectId::named(ObjectKind::Sequence, &it));
    std::iter::once(id.clone()).chain(sequence).collect()
}

/// Whether objects of a kind have an owner of their own (`relowner`, `proowner`, `typowner`,
/// `srvowner`).
fn is_owned(kind: ObjectKind) -> bool {
    match kind {
        ObjectKind::Table
        | ObjectKind::Sequence
        | ObjectKind::Enum
        | ObjectKind::Domain
        | ObjectKind::Composite => true,
        ObjectKind::Defined(kind) => {
            kind.is_routine()
                || kind.is_type()
                || matches!(
                    kind,
                    DefinedKind::View | DefinedKind::MaterializedView | DefinedKind::Server
                )
        }
        ObjectKind::Namespace
        | ObjectKind::Extension
        | ObjectKind::Column
        | ObjectKind::Constraint
        | ObjectKind::Index
        | ObjectKind::Privileges
        | ObjectKind::DefaultPrivileges => false,
    }
}
