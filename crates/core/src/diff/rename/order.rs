//! The order of renames: a name is free before another object gets it.
//!
//! Relations, indexes and keys share their names, and relations share them with types (manual,
//! CREATE TABLE and CREATE TYPE, "Notes"). If names form a cycle, or an object with the name is
//! dropped only after the renames, an object gets an intermediate name.

use crate::diff::change::Change;
use crate::model::Schema;
use crate::model::constraint::ConstraintRule;
use crate::model::ident::{Ident, object_name};
use crate::model::object::{Object, ObjectId, ObjectKind};

use super::{Wish, moved_with_owner, moves};

/// A name that only one object can have.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Slot {
    /// Among the relations of a namespace (`pg_class`).
    Relation(Option<Ident>, Ident),
    /// Among the types of a namespace (`pg_type`).
    Type(Option<Ident>, Ident),
    /// Among the objects of its own kind.
    Own(ObjectId),
}

/// The renames that carry out the wishes, in an order in which each finds its name free. `tables` get
/// their names before, or by these renames; `later` are the wishes that come after them.
pub(super) fn arrange(
    (from, to): (&Schema, &Schema),
    wishes: &[Wish],
    tables: &[Wish],
    later: &[Wish],
) -> Vec<Change> {
    if wishes.is_empty() {
        return Vec::new();
    }
    let mut renames = rename_twice((from, to), wishes, tables, later);
    // Where each object is by the time that its rename is due, and the wish.
    let mut waiting: Vec<(ObjectId, &Wish)> = wishes
        .iter()
        .map(|it| {
            let moved = moved_with_owner(&it.now, from, tables);
            (moved.unwrap_or_else(|| it.renamed.clone()), it)
        })
        .filter(|(now, wish)| *now != wish.new)
        .collect();
    // Sequences move with their tables, and are renamed after them.
    waiting.sort_by_key(|it| it.0.kind == ObjectKind::Sequence);
    while !waiting.is_empty() {
        let free = waiting.iter().position(|(now, wish)| {
            let wanted = entered(from, now, wish);
            let mut others = waiting.iter().filter(|it| it.1 != *wish);
            !others.any(|it| slots(from, &it.0, &it.1.now).iter().any(|it| wanted.contains(it)))
        });
        match free {
            Some(at) => {
                let (now, wish) = waiting.remove(at);
                renames.push(Change::Rename { from: now, to: wish.new.clone() });
            }
            None => {
                let first = &mut waiting[0];
                let aside = ObjectId { name: between(from, to, &first.0), ..first.0.clone() };
                let now = std::mem::replace(&mut first.0, aside.clone());
                renames.push(Change::Rename { from: now, to: aside });
            }
        }
    }
    renames
}

/// Objects that nothing renames and whose names are wanted by others of another kind get a name of
/// their own: they are dropped, but later.
fn rename_twice(
    (from, to): (&Schema, &Schema),
    wishes: &[Wish],
    tables: &[Wish],
    later: &[Wish],
) -> Vec<Change> {
    let wanted: Vec<Slot> = wishes.iter().flat_map(|it| entered(from, &it.renamed, it)).collect();
    let renamed = |id: &ObjectId| wishes.iter().chain(later).any(|it| it.now == *id);
    let others = from.iter().filter(|(id, _)| !renamed(id));
    let found = others.filter_map(|(id, _)| {
        let present = if wishes == tables { id.clone() } else { under_new_table(id, tables) };
        let taken = slots(from, &present, id).iter().any(|it| wanted.contains(it));
        let name = taken.then(|| between(from, to, &present))?;
        Some(Change::Rename { from: present.clone(), to: ObjectId { name, ..present } })
    });
    found.collect()
}

/// What an object is called once its table has its new name.
fn under_new_table(id: &ObjectId, tables: &[Wish]) -> ObjectId {
    let table = id.parent().and_then(|table| tables.iter().find(|it| it.now == table));
    match table {
        Some(wish) => ObjectId {
            namespace: wish.new.namespace.clone(),
            relation: Some(wish.new.name.clone()),
            ..id.clone()
        },
        None => id.clone(),
    }
}

/// The pairs of labels in an order in which each finds its label free.
pub(super) fn arrange_labels(
    present: &[String],
    wanted: &[String],
    mut waiting: Vec<(String, String)>,
) -> Vec<(String, String)> {
    let mut renames = Vec::new();
    while !waiting.is_empty() {
        let free = waiting.iter().position(|(_, new)| waiting.iter().all(|it| it.0 != *new));
        if let Some(at) = free {
            renames.push(waiting.remove(at));
            continue;
        }
        let taken = |it: &String| present.contains(it) || wanted.contains(it);
        let old = waiting[0].0.clone();
        let aside = numbered(&Ident::new(old.as_str()), |it| taken(&it.as_str().to_owned()));
        waiting[0].0 = aside.as_str().to_owned();
        renames.push((old, waiting[0].0.clone()));
    }
    renames
}

/// The names that an object takes on its way: into the new namespace first, then to the new name.
fn entered(from: &Schema, now: &ObjectId, wish: &Wish) -> Vec<Slot> {
    let mut found = slots(from, &wish.new, &wish.now);
    if moves(now, &wish.new) {
        let halfway = ObjectId { namespace: wish.new.namespace.clone(), ..now.clone() };
        found.extend(slots(from, &halfway, &wish.now));
    }
    found
}

/// The names that an object has under an identity; `origin` is what `from` calls it.
fn slots(from: &Schema, id: &ObjectId, origin: &ObjectId) -> Vec<Slot> {
    let relation = || Slot::Relation(id.namespace.clone(), id.name.clone());
    let data_type = || Slot::Type(id.namespace.clone(), id.name.clone());
    match id.kind {
        ObjectKind::Table | ObjectKind::Composite => vec![relation(), data_type()],
        ObjectKind::Sequence | ObjectKind::Index => vec![relation()],
        ObjectKind::Enum | ObjectKind::Domain => vec![data_type()],
        ObjectKind::Defined(kind) if kind.is_relation() => vec![relation(), data_type()],
        ObjectKind::Defined(kind) if kind.is_type() => vec![data_type()],
        ObjectKind::Constraint if has_index(from, origin) => {
            vec![relation(), Slot::Own(id.clone())]
        }
        ObjectKind::Constraint
        | ObjectKind::Column
        | ObjectKind::Namespace
        | ObjectKind::Extension
        | ObjectKind::Defined(_)
        | ObjectKind::Privileges
        | ObjectKind::DefaultPrivileges => vec![Slot::Own(id.clone())],
    }
}

fn has_index(from: &Schema, id: &ObjectId) -> bool {
    match from.get(id) {
        Some(Object::Constraint(it)) => match &it.rule {
            ConstraintRule::PrimaryKey(_)
            | ConstraintRule::Unique(_)
            | ConstraintRule::Exclude { .. } => true,
            ConstraintRule::ForeignKey(_) | ConstraintRule::Check { .. } => false,
        },
        _ => false,
    }
}

/// A name that nothing has before or after.
fn between(from: &Schema, to: &Schema, id: &ObjectId) -> Ident {
    numbered(&id.name, |name| {
        [from, to].iter().any(|side| side.iter().any(|(it, _)| it.name == *name))
    })
}

fn numbered(name: &Ident, taken: impl Fn(&Ident) -> bool) -> Ident {
    let mut candidate = object_name(name.as_str(), None, "between");
    let mut number = 1;
    while taken(&candidate) {
        candidate = object_name(name.as_str(), None, &format!("between{number}"));
        number += 1;
    }
    candidate
}
