//! Names that must be free before another object can have them.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::constraint::ConstraintRule;
use crate::model::ident::{Ident, QualifiedName};
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::model::sequence::Sequence;
use crate::model::table::Table;
use crate::plan::decisions::disposition::Disposition;
use crate::plan::graph::base::Graph;
use crate::plan::graph::key::Key;

impl Graph<'_> {
    /// As long as an old routine of the same name stands, a call can mean both: what calls the new one
    /// waits until the old one is gone.
    pub(in crate::plan) fn edges_of_overloads(&self, edges: &mut BTreeSet<(Key, Key)>) {
        for (new, disposition) in self.site.dispositions.iter().filter(|it| is_routine(it.0)) {
            if !disposition.makes() {
                continue;
            }
            for (old, drop) in self.dropped_namesakes(new) {
                for caller in self.site.needs_after.needed_by(new) {
                    let freed = self.releasing(caller).is_some()
                        || !self.site.needs_before.needs(caller).any(|it| it == old);
                    let altered = || self.altering(caller).filter(|_| freed);
                    let call = self.creating(caller).or_else(altered);
                    edges.extend(call.map(|it| (drop.clone(), it)));
                }
            }
        }
    }

    /// The routines of the same name that go, and the nodes that drop them.
    fn dropped_namesakes<'a>(
        &'a self,
        id: &'a ObjectId,
    ) -> impl Iterator<Item = (&'a ObjectId, Key)> {
        let namesakes = self.site.dispositions.iter().filter(move |(other, disposition)| {
            let same = other.namespace == id.namespace && other.name == id.name;
            is_routine(other)
                && same
                && *other != id
                && disposition.removes()
                && !disposition.makes()
        });
        namesakes.filter_map(|(other, _)| Some((other, self.dropping(other)?)))
    }

    /// A name is free only when its old bearer is gone, or has another one. Sequences of identities that
    /// trade their names go by way of others.
    pub(in crate::plan) fn edges_of_names(&self, edges: &mut BTreeSet<(Key, Key)>) {
        let mut leaving: BTreeMap<(Slot, QualifiedName), Vec<Key>> = BTreeMap::new();
        let mut renaming = leaving.clone();
        for (id, disposition) in self.site.dispositions {
            let Some(object) = self.site.from.schema.get(id).filter(|_| disposition.removes())
            else {
                continue;
            };
            if keeps_sequence(object, disposition) {
                continue;
            }
            let Some(drop) = self.dropping(id) else { continue };
            for slot in slots(object) {
                leaving.entry(slot).or_default().push(drop.clone());
            }
        }
        for (id, old, new) in self.renamed_sequences() {
            let Some(alter) = self.altering(id) else { continue };
            let drops = leaving.get(&(Slot::Relation, new)).into_iter().flatten();
            edges.extend(drops.map(|it| (it.clone(), alter.clone())));
            renaming.entry((Slot::Relation, old)).or_default().push(alter);
        }
        for (id, disposition) in self.site.dispositions {
            let Some(object) = self.site.to.schema.get(id).filter(|_| disposition.makes()) else {
                continue;
            };
            let Some(create) = self.creating(id) else { continue };
            if keeps_sequence(object, disposition) {
                continue;
            }
            for slot in slots(object) {
                let freed =
                    [leaving.get(&slot), renaming.get(&slot)].into_iter().flatten().flatten();
                edges.extend(freed.map(|it| (it.clone(), create.clone())));
            }
        }
    }

    /// The identity columns whose sequences get other names, with both.
    fn renamed_sequences(&self) -> impl Iterator<Item = (&ObjectId, QualifiedName, QualifiedName)> {
        let (from, to) = (self.site.from, self.site.to);
        self.site.dispositions.keys().filter_map(|id| {
            let old = from.schema.get(id).and_then(sequence_of_identity)?;
            let new = to.schema.get(id).and_then(sequence_of_identity)?;
            (old != new).then_some((id, old, new))
        })
    }
}

/// Whether a column is recreated in place of the one that has its sequence.
fn keeps_sequence(object: &Object, disposition: &Disposition) -> bool {
    let is_column = matches!(object, Object::Column(_));
    is_column && disposition.makes() && disposition.removes()
}

fn sequence_of_identity(object: &Object) -> Option<QualifiedName> {
    match object {
        Object::Column(it) => it.identity().map(|(sequence, _)| sequence),
        _ => None,
    }
}

fn is_routine(id: &ObjectId) -> bool {
    matches!(id.kind, ObjectKind::Defined(kind) if kind.is_routine())
}

/// The places in which a name can stand once: relations, types, and routines of the same arguments.
/// A sequence has no type, but is refused where one has its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Slot {
    Relation,
    Type,
    Routine,
}

fn slots(object: &Object) -> Vec<(Slot, QualifiedName)> {
    match object {
        Object::Table(Table { name, .. }) | Object::Sequence(Sequence { name, .. }) => {
            vec![(Slot::Relation, name.clone()), (Slot::Type, name.clone())]
        }
        Object::Index(it) => vec![(Slot::Relation, it.qualified_name())],
        Object::Enum(it) => vec![(Slot::Type, it.name.clone())],
        Object::Constraint(it) => match it.rule {
            ConstraintRule::ForeignKey(_) | ConstraintRule::Check { .. } => Vec::new(),
            ConstraintRule::PrimaryKey(_)
            | ConstraintRule::Unique(_)
            | ConstraintRule::Exclude { .. } => {
                vec![(Slot::Relation, it.table.sibling(it.name.clone()))]
            }
        },
        Object::Domain(it) => vec![(Slot::Type, it.name.clone())],
        Object::Composite(it) => {
            vec![(Slot::Relation, it.name.clone()), (Slot::Type, it.name.clone())]
        }
        Object::Defined(it) => slots_of_definition(&it.id),
        Object::Column(_) => {
            sequence_of_identity(object).into_iter().map(|it| (Slot::Relation, it)).collect()
        }
        Object::Namespace(_)
        | Object::Extension(_)
        | Object::Privileges(_)
        | Object::DefaultPrivileges(_) => Vec::new(),
    }
}

fn slots_of_definition(id: &ObjectId) -> Vec<(Slot, QualifiedName)> {
    let (ObjectKind::Defined(kind), Some(name)) = (id.kind, id.qualified_name()) else {
        return Vec::new();
    };
    match kind {
        _ if kind.is_relation() => vec![(Slot::Relation, name.clone()), (Slot::Type, name)],
        _ if kind.is_type() => vec![(Slot::Type, name)],
        _ if kind.is_routine() => {
            let arguments = id.signature.as_ref().map_or("", |it| it.as_str());
            let called = format!("{}{arguments}", name.name.as_str());
            vec![(Slot::Routine, name.sibling(Ident::new(called)))]
        }
        _ => Vec::new(),
    }
}
