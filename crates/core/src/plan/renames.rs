//! Renames: before the other changes of a plan, and in a downgrade after them.

use crate::diff::Change;
use crate::diff::expand::stepping_in;
use crate::diff::rename::{halfway, moves};
use crate::model::declared::Hints;
use crate::model::namespace::Namespace;
use crate::model::object::{Object, ObjectId};
use crate::model::snapshot::Snapshot;
use crate::plan::namespace;
use crate::plan::statement::Statement;

/// Changes apart: the renames that come first, the other changes, and the renames that come last.
pub(super) fn apart(changes: &[Change]) -> (&[Change], &[Change], &[Change]) {
    let (first, rest) = changes.split_at(at_one_end(changes.iter()));
    let (others, last) = rest.split_at(rest.len() - at_one_end(rest.iter().rev()));
    (first, others, last)
}

/// The statements of the renames that come first.
pub(super) fn before(
    renames: &[Change],
    hints: &Hints,
    sides: (&Snapshot, &Snapshot),
) -> Vec<(ObjectId, Statement)> {
    let filled = renames.iter().filter_map(|it| stepping_in(it, hints)).map(require_filled);
    filled.chain(after(renames, sides)).collect()
}

/// The statements of the renames that come last.
pub(super) fn after(
    renames: &[Change],
    sides: (&Snapshot, &Snapshot),
) -> Vec<(ObjectId, Statement)> {
    renames.iter().flat_map(|it| renaming(it, sides)).collect()
}

/// How many changes at one end are renames, or namespaces beside them.
fn at_one_end<'a>(changes: impl Iterator<Item = &'a Change>) -> usize {
    let beside = |it: &&Change| it.is_rename() || namespace_of(it).is_some();
    let together = changes.take_while(beside).map(Change::is_rename);
    together.enumerate().filter(|it| it.1).last().map_or(0, |(at, _)| at + 1)
}

/// The namespace that a change makes or gives up.
fn namespace_of(change: &Change) -> Option<&Namespace> {
    match change {
        Change::Create(Object::Namespace(it)) | Change::Drop(Object::Namespace(it)) => Some(it),
        Change::Create(_)
        | Change::Drop(_)
        | Change::Alter { .. }
        | Change::Rename { .. }
        | Change::RenameLabel { .. } => None,
    }
}

/// A column takes the place of another only where it has a value in every row that the other has one in.
fn require_filled((new, old): (&ObjectId, &ObjectId)) -> (ObjectId, Statement) {
    let table = old.table_name().expect("a column has a table");
    let (column, new) = (old.name.clone(), new.name.clone());
    (old.clone(), Statement::RequireFilled { table, column, new })
}

/// The statements of a rename: first into the new namespace, then to the new name.
fn renaming(
    change: &Change,
    (from_side, to_side): (&Snapshot, &Snapshot),
) -> Vec<(ObjectId, Statement)> {
    let mut statements = Vec::new();
    match change {
        Change::Rename { from, to } => {
            let mut now = from.clone();
            if let (true, Some(there)) = (moves(from, to), halfway(from, to)) {
                let namespace = there.namespace.clone();
                statements.push(Statement::Move { object: from.clone(), namespace });
                now.namespace = Some(there.namespace);
            }
            if from.name != to.name {
                statements.push(Statement::Rename { object: now, name: to.name.clone() });
            }
        }
        Change::RenameLabel { name, from, to } => statements.push(Statement::RenameLabel {
            name: name.clone(),
            from: from.clone(),
            to: to.clone(),
        }),
        Change::Create(Object::Namespace(it)) => {
            statements.push(namespace::create(&to_side.schema, &it.name));
            let text = it.comment.clone();
            let object = change.id();
            statements.extend(text.map(|it| Statement::Comment { object, text: Some(it) }));
        }
        Change::Drop(Object::Namespace(it)) => {
            statements.push(namespace::drop(&from_side.schema, &it.name));
        }
        Change::Alter { to: Object::Extension(it), .. } => {
            let (name, namespace) = (it.name.clone(), it.namespace.clone());
            statements.push(Statement::SetExtensionNamespace { name, namespace });
        }
        Change::Create(_) | Change::Drop(_) | Change::Alter { .. } => {}
    }
    statements.into_iter().map(|it| (change.id(), it)).collect()
}
