//! Both sides of a plan, the dispositions of the objects, and the nodes for them.

use std::collections::BTreeSet;

use crate::model::definition::DefinedKind;
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::model::sequence::Sequence;
use crate::plan::decisions::disposition::Disposition;
use crate::plan::decisions::inherited::dropped_with_index;
use crate::plan::dependencies::{foreign_key, owners};
use crate::plan::online::{Concurrent, Site, Stage};

use super::inside::{dropped_with_owner, inside, is_valid};
use super::key::{Key, Role, rank};

/// Both sides of a plan, and what happens to the objects.
pub(in crate::plan) struct Graph<'a> {
    pub(in crate::plan) site: Site<'a>,
    /// Indexes that are built and dropped outside of a transaction.
    pub(in crate::plan) concurrent: Concurrent,
    /// Columns that are dropped from their table alone.
    pub(in crate::plan) dropped_only: BTreeSet<ObjectId>,
    pub(super) created_inside: BTreeSet<ObjectId>,
    pub(super) dropped_inside: BTreeSet<ObjectId>,
    /// Columns whose default is set after the table stands.
    pub(super) late_defaults: BTreeSet<ObjectId>,
    /// Columns whose default is dropped before the table is.
    pub(super) early_defaults: BTreeSet<ObjectId>,
}

impl<'a> Graph<'a> {
    pub(in crate::plan) fn new(
        site: Site<'a>,
        concurrent: Concurrent,
        dropped_only: BTreeSet<ObjectId>,
    ) -> Self {
        let Site { from, to, dispositions, .. } = site;
        let is = |id: &ObjectId, wanted: fn(&Disposition) -> bool| {
            dispositions.get(id).is_some_and(wanted)
        };
        let mut created_inside = inside(to, |id| is(id, Disposition::makes));
        created_inside.retain(|id| {
            matches!(id.kind, ObjectKind::Column | ObjectKind::Constraint) && is_valid(to, id)
        });
        let mut dropped_inside = inside(from, |id| is(id, Disposition::removes));
        dropped_inside.extend(dropped_with_owner(from, to, |id| is(id, Disposition::removes)));
        dropped_inside.extend(dropped_with_index(from, dispositions));
        Self {
            site,
            concurrent,
            dropped_only,
            created_inside,
            dropped_inside,
            late_defaults: BTreeSet::new(),
            early_defaults: BTreeSet::new(),
        }
    }

    /// Whether CREATE TABLE of its table holds this object.
    pub(in crate::plan) fn is_created_inside(&self, id: &ObjectId) -> bool {
        self.created_inside.contains(id)
    }

    /// Whether it goes by itself with its table or owner.
    pub(in crate::plan) fn is_dropped_inside(&self, id: &ObjectId) -> bool {
        self.dropped_inside.contains(id)
    }

    pub(super) fn disposition(&self, id: &ObjectId) -> Option<&Disposition> {
        self.site.dispositions.get(id)
    }

    /// Whether a node is the end of an object as it was.
    pub(in crate::plan) fn ends_with(&self, id: &ObjectId, key: &Key) -> bool {
        self.dropping(id).as_ref() == Some(key) || self.replaces(id, key)
    }

    /// Whether a node is the beginning of an object as it shall be.
    pub(in crate::plan) fn begins_with(&self, id: &ObjectId, key: &Key) -> bool {
        self.creating(id).as_ref() == Some(key) || self.replaces(id, key)
    }

    /// Whether a node makes a new type out of an old one.
    pub(super) fn replaces(&self, id: &ObjectId, key: &Key) -> bool {
        let replaced = matches!(self.disposition(id), Some(Disposition::ReplaceType));
        replaced && self.key(Role::Alter, id) == *key
    }

    /// The node that creates an object, if the plan does.
    pub(super) fn creating(&self, id: &ObjectId) -> Option<Key> {
        let made = self.disposition(id).is_some_and(Disposition::makes);
        if !made || self.concurrent.swapped.contains(id) {
            return self.concurrent.swapped.contains(id).then(|| self.key(Role::Alter, id));
        }
        let table = id.parent().filter(|_| self.is_created_inside(id));
        Some(self.key(Role::Create, &table.unwrap_or_else(|| id.clone())))
    }

    /// The node that drops an object, if the plan does.
    pub(super) fn dropping(&self, id: &ObjectId) -> Option<Key> {
        let gone = self.disposition(id).is_some_and(Disposition::removes);
        if !gone || self.concurrent.swapped.contains(id) {
            return self.concurrent.swapped.contains(id).then(|| self.key(Role::Alter, id));
        }
        if !self.is_dropped_inside(id) {
            return Some(self.key(Role::Drop, id));
        }
        match self.site.from.schema.get(id) {
            Some(Object::Sequence(sequence)) => self.dropping_owner(sequence),
            Some(Object::Privileges(it)) => self.dropping(&it.on),
            _ => Some(self.key(Role::Drop, &self.site.from.schema.owner(id)?)),
        }
    }

    pub(super) fn dropping_owner(&self, sequence: &Sequence) -> Option<Key> {
        let owner = sequence.owned_by.as_ref()?;
        owners(&self.site.from.schema, owner).iter().find_map(|it| self.dropping(it))
    }

    /// The node that changes an object where it stands, if the plan does.
    pub(super) fn altering(&self, id: &ObjectId) -> Option<Key> {
        let altered =
            matches!(self.disposition(id)?, Disposition::Alter(_) | Disposition::ReplaceType);
        altered.then(|| self.key(Role::Alter, id))
    }

    /// The node that changes an object in a way that matters to what needs it: a new type, other
    /// labels. What else changes in a namespace, a table or a sequence concerns only itself.
    pub(super) fn reshaping(&self, id: &ObjectId) -> Option<Key> {
        match id.kind {
            ObjectKind::Extension
            | ObjectKind::Enum
            | ObjectKind::Domain
            | ObjectKind::Composite
            | ObjectKind::Column
            | ObjectKind::Defined(_) => self
                .altering(id)
                .filter(|_| !self.disposition(id).is_some_and(Disposition::is_quiet)),
            ObjectKind::Namespace
            | ObjectKind::Sequence
            | ObjectKind::Table
            | ObjectKind::Constraint
            | ObjectKind::Index
            | ObjectKind::Privileges
            | ObjectKind::DefaultPrivileges => None,
        }
    }

    pub(super) fn releasing(&self, id: &ObjectId) -> Option<Key> {
        let releases = match self.disposition(id)? {
            Disposition::Alter(it) => !it.release.is_empty(),
            Disposition::DetachAndDrop => true,
            Disposition::Create
            | Disposition::Drop
            | Disposition::Replace
            | Disposition::Expand(_)
            | Disposition::ReplaceType => false,
        };
        releases.then(|| self.key(Role::Release, id))
    }

    /// The key of a node.
    pub(in crate::plan) fn key(&self, role: Role, id: &ObjectId) -> Key {
        let stage = self.stage(role, id);
        let (on, place) = match self.site.to.schema.get(id).filter(|_| role == Role::Create) {
            Some(Object::Privileges(it)) => (it.on.qualified_name(), it.position),
            Some(Object::Column(it)) => (None, it.position),
            _ => (None, 0),
        };
        let table = id.table_name().or(on);
        let rank = rank(id.kind);
        let backwards = matches!(role, Role::Drop) && stage != Stage::Finish;
        let rank = if backwards { u8::MAX - rank } else { rank };
        let foreign = id.kind == ObjectKind::Constraint && self.is_foreign_key(id);
        let evaluated = matches!(role, Role::Create) && self.is_evaluated(id);
        let late = match role {
            Role::Late => 2,
            Role::Release | Role::Drop | Role::Create | Role::Alter => {
                u8::from(foreign || evaluated)
            }
        };
        Key { stage, rank, table, late, role, kind: id.kind, place, id: id.clone() }
    }

    /// When a node comes where no dependency decides.
    fn stage(&self, role: Role, id: &ObjectId) -> Stage {
        let outside = match role {
            Role::Drop => self.concurrent.dropped.contains(id),
            Role::Release | Role::Create | Role::Alter | Role::Late => {
                self.concurrent.built.contains(id)
            }
        };
        match role {
            Role::Drop if outside && self.concurrent.rebuilt.contains(id) => Stage::Prepare,
            _ if outside => Stage::Finish,
            _ if self.is_refilled(role, id) => Stage::Finish,
            Role::Alter if self.concurrent.apart.contains(id) => Stage::Finish,
            Role::Release => Stage::Clear,
            Role::Drop if matches!(self.disposition(id), Some(Disposition::Expand(_))) => {
                Stage::Clear
            }
            Role::Drop => match id.kind {
                ObjectKind::Constraint
                | ObjectKind::Index
                | ObjectKind::Privileges
                | ObjectKind::DefaultPrivileges => Stage::Clear,
                ObjectKind::Defined(kind) if !kind.form().before_tables => Stage::Clear,
                ObjectKind::Defined(_)
                | ObjectKind::Namespace
                | ObjectKind::Extension
                | ObjectKind::Enum
                | ObjectKind::Domain
                | ObjectKind::Composite
                | ObjectKind::Sequence
                | ObjectKind::Table
                | ObjectKind::Column => Stage::GiveUp,
            },
            Role::Create | Role::Alter | Role::Late => Stage::Change,
        }
    }

    /// Whether it is a materialized view that is created, whose query takes long. One that is replaced is
    /// dropped only then, so that it is not missing while others are dropped and created.
    fn is_refilled(&self, role: Role, id: &ObjectId) -> bool {
        let replaced = matches!(self.disposition(id), Some(Disposition::Replace));
        id.kind == ObjectKind::Defined(DefinedKind::MaterializedView)
            && (role == Role::Create || role == Role::Drop && replaced)
    }

    /// Whether creating it runs routines, whose bodies may name anything: a materialized view that
    /// calls some, be it through other views.
    pub(super) fn is_evaluated(&self, id: &ObjectId) -> bool {
        let calls = |it: &ObjectId| {
            let mut queue = vec![it];
            let mut seen = BTreeSet::new();
            while let Some(next) = queue.pop() {
                for needed in self.site.needs_after.needs(next) {
                    match needed.kind {
                        ObjectKind::Defined(kind) if kind.is_routine() => return true,
                        ObjectKind::Defined(kind) if kind.is_relation() && seen.insert(needed) => {
                            queue.push(needed);
                        }
                        _ => {}
                    }
                }
            }
            false
        };
        id.kind == ObjectKind::Defined(DefinedKind::MaterializedView) && calls(id)
    }

    pub(super) fn is_foreign_key(&self, id: &ObjectId) -> bool {
        let side = if self.site.to.schema.contains(id) { self.site.to } else { self.site.from };
        foreign_key(&side.schema, id).is_some()
    }
}
