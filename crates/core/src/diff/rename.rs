//! Declared renames: which are still to be applied, and in which order.

mod fit;
mod order;

use std::collections::BTreeSet;

use crate::model::Schema;
use crate::model::declared::Hints;
use crate::model::ident::QualifiedName;
use crate::model::object::{Object, ObjectId, ObjectKind};

use super::change::Change;

/// The renames that a declaration asks for and that `from` has not seen yet, tables and types
/// first, after the namespaces that they move into. An extension that moves renames its types.
///
/// A rename whose old name is gone, or whose new name is already there, is inert, unless what has
/// the name gets another one by a rename, too. Names that change places stand on both sides before
/// and after: that is carried out where the objects then fit better, or where somebody asked for it.
#[must_use]
pub fn pending(from: &Schema, to: &Schema, hints: &Hints) -> Vec<Change> {
    let relations = due(from, to, hints, own(hints));
    let children = due(from, to, hints, children(hints, &relations));
    let sides = (from, to);
    let mut renames = order::arrange(sides, &relations, &relations, &children);
    let hanging = order::arrange(sides, &children, &relations, &[]);
    let extensions = moved_extensions(from, to);
    let mut found = new_namespaces(from, to, renames.iter().chain(&extensions));
    renames.extend(extensions);
    found.append(&mut renames);
    found.extend(hanging);
    found.extend(labels(from, to, hints));
    found
}

/// A rename that may have to be carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Wish {
    /// The object as `from` calls it.
    now: ObjectId,
    /// The object as it is called when its table has its new name.
    renamed: ObjectId,
    /// The object as `to` calls it.
    new: ObjectId,
    /// What has the new name in `from`, if anything has.
    place: ObjectId,
}

/// The wishes for all that belongs to no table.
fn own(hints: &Hints) -> Vec<Wish> {
    let own = hints.renames.iter().filter(|(new, _)| new.relation.is_none());
    let wish = |(new, old): (&ObjectId, &ObjectId)| Wish {
        now: old.clone(),
        renamed: old.clone(),
        new: new.clone(),
        place: new.clone(),
    };
    own.map(wish).collect()
}

/// The wishes for what belongs to tables, some of which get another name themselves.
fn children(hints: &Hints, tables: &[Wish]) -> Vec<Wish> {
    let children = hints.renames.iter().filter(|(new, _)| new.relation.is_some());
    let wish = |(new, old): (&ObjectId, &ObjectId)| {
        let table = new.parent();
        let before = tables.iter().find(|it| Some(&it.new) == table.as_ref());
        let before = before.map(|it| it.now.clone()).or(table);
        let beside = |it: &ObjectId| match &before {
            Some(table) => ObjectId {
                namespace: table.namespace.clone(),
                relation: Some(table.name.clone()),
                ..it.clone()
            },
            None => it.clone(),
        };
        Wish {
            now: beside(old),
            renamed: ObjectId { name: old.name.clone(), ..new.clone() },
            new: new.clone(),
            place: beside(new),
        }
    };
    children.map(wish).collect()
}

/// The wishes that are not carried out yet.
fn due(from: &Schema, to: &Schema, hints: &Hints, mut wishes: Vec<Wish>) -> Vec<Wish> {
    wishes.retain(|it| from.contains(&it.now) && to.contains(&it.new) && it.now != it.place);
    loop {
        let leaves = |id: &ObjectId| wishes.iter().any(|it| it.now == *id);
        let arrives = |id: &ObjectId| wishes.iter().any(|it| it.new == *id);
        let possible = |it: &&Wish| {
            let free = !from.contains(&it.place) || leaves(&it.place);
            free && (!to.contains(&it.renamed) || arrives(&it.renamed))
        };
        let left: Vec<Wish> = wishes.iter().filter(possible).cloned().collect();
        if left.len() == wishes.len() {
            break;
        }
        wishes = left;
    }
    // Sequences are judged by the tables that own them, so those come first.
    for sequences in [false, true] {
        let done: Vec<Wish> = cycles(&wishes)
            .into_iter()
            .filter(|cycle| {
                let judged = (cycle[0].now.kind == ObjectKind::Sequence) == sequences;
                let asked = cycle.iter().any(|it| hints.asked.contains(&it.new));
                judged && !asked && !fit::is_better_moved(from, to, cycle, &wishes)
            })
            .flatten()
            .collect();
        wishes.retain(|it| !done.contains(it));
    }
    wishes
}

/// The wishes that pass names on in a cycle, each cycle by itself.
fn cycles(wishes: &[Wish]) -> Vec<Vec<Wish>> {
    let mut found: Vec<Vec<Wish>> = Vec::new();
    for first in wishes {
        if found.iter().flatten().any(|it| it == first) {
            continue;
        }
        let mut cycle = vec![first.clone()];
        while let Some(last) = cycle.last() {
            match wishes.iter().find(|it| it.now == last.place) {
                Some(next) if next == first => {
                    found.push(cycle);
                    break;
                }
                Some(next) if !cycle.contains(next) => cycle.push(next.clone()),
                _ => break,
            }
        }
    }
    found
}

/// What a sequence is called once the table that owns it has moved to another namespace: SET SCHEMA of
/// a table takes its sequences along, and is refused for an owned sequence alone.
fn moved_with_owner(id: &ObjectId, from: &Schema, wishes: &[Wish]) -> Option<ObjectId> {
    let Some(Object::Sequence(sequence)) = from.get(id) else { return None };
    let owner = ObjectId::table(&sequence.owned_by.as_ref()?.table);
    let table = wishes.iter().find(|it| it.now == owner)?;
    Some(ObjectId { namespace: table.new.namespace.clone(), ..id.clone() })
}

fn moved_extensions(from: &Schema, to: &Schema) -> Vec<Change> {
    let mut found = Vec::new();
    for (id, wanted) in to.iter() {
        let (Some(Object::Extension(present)), Object::Extension(wanted)) = (from.get(id), wanted)
        else {
            continue;
        };
        if present.namespace != wanted.namespace {
            let mut moved = present.clone();
            moved.namespace = wanted.namespace.clone();
            let (from, to) = (present.clone().into(), moved.into());
            found.push(Change::Alter { from, to });
        }
    }
    found
}

fn new_namespaces<'a>(
    from: &Schema,
    to: &Schema,
    renames: impl Iterator<Item = &'a Change>,
) -> Vec<Change> {
    let entered = renames.filter_map(|it| match it {
        Change::Alter { to: Object::Extension(it), .. } => Some(it.namespace.clone()),
        other => other.id().namespace,
    });
    let namespaces: BTreeSet<ObjectId> =
        entered.map(|it| ObjectId::global(ObjectKind::Namespace, it)).collect();
    let missing = namespaces.iter().filter(|it| !from.contains(it));
    missing.filter_map(|it| to.get(it)).map(|it| Change::Create(it.clone())).collect()
}

/// The renames of labels, enum by enum.
fn labels(from: &Schema, to: &Schema, hints: &Hints) -> Vec<Change> {
    let enums: BTreeSet<&ObjectId> = hints.label_renames.keys().map(|it| &it.0).collect();
    let mut found = Vec::new();
    for id in enums {
        let before = hints.renames.get(id).unwrap_or(id);
        let (Some(Object::Enum(present)), Some(Object::Enum(wanted))) =
            (from.get(before).or_else(|| from.get(id)), to.get(id))
        else {
            continue;
        };
        let wishes = hints.label_renames.iter().filter(|it| it.0.0 == *id);
        let wishes = wishes.map(|((_, new), old)| (old.clone(), new.clone())).collect();
        let due = due_labels(&present.labels, &wanted.labels, wishes);
        let steps = order::arrange_labels(&present.labels, &wanted.labels, due);
        found.extend(steps.into_iter().map(|(from, to)| Change::RenameLabel {
            name: wanted.name.clone(),
            from,
            to,
        }));
    }
    found
}

/// The pairs of old and new labels that are not carried out yet. Labels that change places do so
/// where their order then is that which is wanted.
fn due_labels(
    present: &[String],
    wanted: &[String],
    mut wishes: Vec<(String, String)>,
) -> Vec<(String, String)> {
    wishes.retain(|(old, new)| present.contains(old) && wanted.contains(new));
    loop {
        let leaves = |label: &String| wishes.iter().any(|it| it.0 == *label);
        let arrives = |label: &String| wishes.iter().any(|it| it.1 == *label);
        let possible = |(old, new): &&(String, String)| {
            (!present.contains(new) || leaves(new)) && (!wanted.contains(old) || arrives(old))
        };
        let left: Vec<_> = wishes.iter().filter(possible).cloned().collect();
        if left.len() == wishes.len() {
            break;
        }
        wishes = left;
    }
    let all_stand = wishes.iter().all(|(old, new)| wanted.contains(old) && present.contains(new));
    let in_order = fit::in_order(present, wanted, &[]);
    if all_stand && in_order >= fit::in_order(present, wanted, &wishes) {
        wishes.clear();
    }
    wishes
}

/// The relation or type that a rename gives a new namespace.
#[must_use]
pub fn moves(from: &ObjectId, to: &ObjectId) -> bool {
    from.kind != ObjectKind::Namespace && from.namespace != to.namespace
}

/// The name halfway, where a rename changes both namespace and name: the old name in the new
/// namespace.
#[must_use]
pub fn halfway(from: &ObjectId, to: &ObjectId) -> Option<QualifiedName> {
    Some(QualifiedName { namespace: to.namespace.clone()?, name: from.name.clone() })
}
