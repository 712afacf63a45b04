//! Names that must be free before something can have them.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::constraint::ConstraintRule;
use crate::model::ident::{Ident, QualifiedName};
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::model::sequence::Sequence;
use crate::model::table::Table;

use super::{Graph, Key};

impl Graph<'_> {
    /// A name is free only when its old bearer is gone.
    pub(super) fn edges_of_names(&self, edges: &mut BTreeSet<(Key, Key)>) {
        let mut leaving: BTreeMap<(Slot, QualifiedName), Vec<Key>> = BTreeMap::new();
        for (id, treatment) in self.treatments {
            let Some(object) = self.from.schema.get(id).filter(|_| treatment.removes()) else {
                continue;
            };
            let Some(drop) = self.dropping(id) else { continue };
            for slot in slots(object) {
                leaving.entry(slot).or_default().push(drop.clone());
            }
        }
        for (id, treatment) in self.treatments {
            let Some(object) = self.to.schema.get(id).filter(|_| treatment.makes()) else {
                continue;
            };
            let Some(create) = self.creating(id) else { continue };
            for drop in slots(object).iter().filter_map(|it| leaving.get(it)).flatten() {
                edges.insert((drop.clone(), create.clone()));
            }
        }
    }
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
        Object::Namespace(_)
        | Object::Extension(_)
        | Object::Column(_)
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
