//! What lies between two snapshots, with the plans both ways.

use crate::diff::{Change, diff, reverse};
use crate::model::declared::Hints;
use crate::model::snapshot::Snapshot;
use crate::plan::{Plan, PlanError, PlanOptions, plan};

/// What lies between two snapshots.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// The differences, renames first.
    pub changes: Vec<Change>,
    /// The schemas that the other changes lead between.
    pub sides: Sides,
    /// What the declaration said beside its objects.
    pub hints: Hints,
    /// Why texts are compared as they are, though PostgreSQL may print them in other words the next
    /// time: a difference may be of wording only.
    pub unverified: Option<String>,
}

/// The two schemas of a comparison, after the renames.
#[derive(Debug, Clone)]
pub struct Sides {
    /// As it is, with everything under its new name.
    pub from: Snapshot,
    /// As it shall be.
    pub to: Snapshot,
}

impl Comparison {
    /// What lies between two snapshots, of which `from` has seen the renames already.
    #[must_use]
    pub fn after(renames: Vec<Change>, from: Snapshot, to: Snapshot, hints: Hints) -> Self {
        let mut changes = renames;
        changes.extend(diff(&from.schema, &to.schema));
        Self { changes, sides: Sides { from, to }, hints, unverified: None }
    }

    /// The plan that carries the changes out.
    ///
    /// # Errors
    /// Changes that need a decision.
    pub fn up(&self, options: PlanOptions) -> Result<Plan, Vec<PlanError>> {
        plan(&self.sides.from, &self.sides.to, &self.changes, &self.hints, options)
    }

    /// The plan that takes them back.
    ///
    /// # Errors
    /// Changes that cannot be reverted.
    pub fn down(&self, options: PlanOptions) -> Result<Plan, Vec<PlanError>> {
        let changes = reverse(&self.changes);
        let back = |hints: &Hints| plan(&self.sides.to, &self.sides.from, &changes, hints, options);
        let mut hints = self.hints.expanded_back();
        back(&hints).or_else(|errors| {
            // Values are discarded only if PostgreSQL cannot convert them back.
            let stuck: Vec<_> = errors.iter().filter_map(PlanError::object).collect();
            let reversed = self.hints.reversed().type_changes.into_iter();
            hints.type_changes.extend(reversed.filter(|(id, _)| stuck.contains(id)));
            back(&hints)
        })
    }
}
