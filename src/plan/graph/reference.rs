//! What comes before what between a foreign key and that which it references.

use std::collections::BTreeSet;

use crate::model::object::{ObjectId, ObjectKind};
use crate::plan::dependencies::{foreign_key, referenced_keys, references_as_partition};
use crate::plan::treatment::Treatment;

use super::{Graph, Key, Role};

impl Graph<'_> {
    /// Whether a new foreign key can only be made once an index is gone: it would take the first index
    /// that fits, and hold it.
    pub(in crate::plan) fn holds_up_key(&self, index: &ObjectId) -> bool {
        self.new_foreign_keys().any(|it| self.old_keys(it).contains(index))
    }

    /// A new foreign key would hold fast to an index that goes: that goes first. What is attached
    /// again as a partition of the referenced table has rows that the key needs.
    pub(super) fn edges_of_references(&self, edges: &mut BTreeSet<(Key, Key)>) {
        for id in self.new_foreign_keys() {
            let Some(own) = self.creating(id) else { continue };
            let old = self.old_keys(id);
            let gone = old.iter().filter_map(|it| self.dropping(it));
            edges.extend(gone.map(|it| (it, own.clone())));
            if own.id == *id {
                let joined = self.needs_after.needs(id).filter(|it| self.joins_for(id, it));
                edges.extend(joined.map(|it| (self.key(Role::Late, it), own.clone())));
            }
        }
    }

    /// Whether a table joins the referenced one as a partition, and a foreign key waits for that.
    pub(super) fn joins_for(&self, foreign_key: &ObjectId, partition: &ObjectId) -> bool {
        references_as_partition(&self.to.schema, foreign_key, partition) && self.joins(partition)
    }

    fn new_foreign_keys(&self) -> impl Iterator<Item = &ObjectId> {
        let made = self.treatments.iter().filter(|(_, it)| Treatment::makes(it)).map(|it| it.0);
        made.filter(|it| it.kind == ObjectKind::Constraint && self.is_foreign_key(it))
    }

    /// What makes the columns that a new foreign key references a key before the plan.
    fn old_keys(&self, id: &ObjectId) -> Vec<ObjectId> {
        let key = foreign_key(&self.to.schema, id);
        key.map(|(_, it)| referenced_keys(&self.from.schema, it)).unwrap_or_default()
    }
}
