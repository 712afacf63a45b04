//! The order between a foreign key and the key that it references.

use std::collections::BTreeSet;

use crate::model::object::ObjectId;
use crate::plan::dependencies::references_as_partition;
use crate::plan::graph::base::Graph;
use crate::plan::graph::key::{Key, Role};

impl Graph<'_> {
    /// A new foreign key would depend on an index that is dropped: that is dropped first. What is attached
    /// again as a partition of the referenced table has rows that the key needs.
    pub(in crate::plan) fn edges_of_references(&self, edges: &mut BTreeSet<(Key, Key)>) {
        let site = self.site;
        for id in site.new_foreign_keys() {
            let Some(own) = self.creating(id) else { continue };
            let old = site.old_keys(id);
            let gone = old.iter().filter_map(|it| self.dropping(it));
            edges.extend(gone.map(|it| (it, own.clone())));
            if own.id == *id {
                let joined = self.site.needs_after.needs(id).filter(|it| self.joins_for(id, it));
                edges.extend(joined.map(|it| (self.key(Role::Late, it), own.clone())));
            }
        }
    }

    /// Whether a table joins the referenced one as a partition, and a foreign key waits for that.
    pub(in crate::plan) fn joins_for(&self, foreign_key: &ObjectId, partition: &ObjectId) -> bool {
        references_as_partition(&self.site.to.schema, foreign_key, partition)
            && self.joins(partition)
    }
}
