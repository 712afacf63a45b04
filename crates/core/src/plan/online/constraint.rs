//! ADD CHECK and ADD FOREIGN KEY: NOT VALID takes the lock briefly, and VALIDATE CONSTRAINT reads
//! the rows in a later transaction under a lock that blocks neither reads nor writes (manual, ALTER
//! TABLE, "Notes").

use crate::model::constraint::{Constraint, ConstraintRule};
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::plan::decisions::disposition::Disposition;
use crate::plan::online::part::{Parts, Stage, at, not_valid, own, validate};
use crate::plan::online::site::Site;
use crate::plan::statement::Statement;

/// The release from which a foreign key of a partitioned table can be NOT VALID.
const PARTITIONED_NOT_VALID_SINCE: u32 = 18;

pub(in crate::plan) fn parts(
    site: &Site<'_>,
    id: &ObjectId,
    statement: &Statement,
) -> Option<Parts> {
    let Statement::AddConstraint(constraint) = statement else { return None };
    let table = &constraint.table;
    let is_asked = constraint.validated && constraint.enforced;
    let is_check = matches!(constraint.rule, ConstraintRule::Check { .. });
    if !is_asked || !site.is_in_use(table) {
        return None;
    }
    if site.is_moved(table) {
        // What a partition shares with its parent must be valid before it is attached.
        let early = site.joins_partitions(table)
            && site.keeps_all_values(table)
            && site.exists_before(id)
            && !site.dispositions.get(id).is_some_and(|it| it.removes());
        return (early && is_check).then(|| before(constraint));
    }
    match &constraint.rule {
        // A check that comes from a parent as well is merged with that one, and validated with it.
        ConstraintRule::Check { .. } => match merged_with(site, constraint) {
            Some(above) if is_apart(site, &above) => Some(vec![own(not_valid(constraint))]),
            Some(_) => None,
            None => Some(apart(constraint)),
        },
        ConstraintRule::ForeignKey(_) if is_partitioned_early(site, constraint) => {
            on_partitions(site, constraint)
        }
        ConstraintRule::ForeignKey(_) => Some(apart(constraint)),
        ConstraintRule::PrimaryKey(_)
        | ConstraintRule::Unique(_)
        | ConstraintRule::Exclude { .. } => None,
    }
}

/// The constraint for new rows, then for those that are there.
fn apart(constraint: &Constraint) -> Parts {
    vec![own(not_valid(constraint)), at(Stage::Finish, validate(constraint))]
}

/// The same before anything else of the plan.
fn before(constraint: &Constraint) -> Parts {
    vec![at(Stage::Announce, not_valid(constraint)), at(Stage::Prove, validate(constraint))]
}

/// The check of a parent that a table declares, too.
fn merged_with(site: &Site<'_>, constraint: &Constraint) -> Option<Constraint> {
    let table = site.to.schema.table(&constraint.table)?;
    table.parents().find_map(|parent| {
        let id = ObjectId::child(ObjectKind::Constraint, parent, &constraint.name);
        match site.to.schema.get(&id) {
            Some(Object::Constraint(it)) => Some(it.clone()),
            _ => None,
        }
    })
}

/// Whether a check is added NOT VALID at first.
fn is_apart(site: &Site<'_>, check: &Constraint) -> bool {
    let id = Object::Constraint(check.clone()).id();
    let made = site.dispositions.get(&id).is_some_and(Disposition::makes);
    made && check.validated && site.is_in_use(&check.table) && !site.is_moved(&check.table)
}

fn is_partitioned_early(site: &Site<'_>, constraint: &Constraint) -> bool {
    site.is_partitioned(&constraint.table) && site.version() < PARTITIONED_NOT_VALID_SINCE
}

/// Before PostgreSQL 18 a foreign key of a partitioned table cannot be NOT VALID, but it attaches one
/// of the same kind that a partition has of its own and that is valid
/// (`tryAttachPartitionForeignKey` in the server).
fn on_partitions(site: &Site<'_>, constraint: &Constraint) -> Option<Parts> {
    let leaves = site.leaves(&constraint.table);
    let named = |table| Constraint { table, comment: None, ..constraint.clone() };
    let keys: Vec<Constraint> = leaves.iter().map(|it| named(it.name.clone())).collect();
    let is_free = |it: &Constraint| {
        let id = Object::Constraint(it.clone()).id();
        site.stays(&it.table) && !site.from.schema.contains(&id) && !site.to.schema.contains(&id)
    };
    let have_rows = leaves.iter().all(|it| it.foreign.is_none());
    if !have_rows || !keys.iter().all(is_free) {
        return None;
    }
    let mut parts: Parts = keys.iter().map(|it| at(Stage::Mark, not_valid(it))).collect();
    parts.extend(keys.iter().map(|it| at(Stage::Finish, validate(it))));
    parts.push(at(Stage::Settle, Statement::AddConstraint(Box::new(constraint.clone()))));
    Some(parts)
}
