//! ATTACH PARTITION and CREATE TABLE … PARTITION OF: PostgreSQL reads the table, and the default
//! partition, under ACCESS EXCLUSIVE, unless a valid CHECK proves that every row satisfies the
//! bound (manual, ALTER TABLE, ATTACH PARTITION).

use crate::model::constraint::{Constraint, ConstraintRule};
use crate::model::expr::SqlExpr;
use crate::model::ident::QualifiedName;
use crate::model::object::ObjectId;
use crate::model::table::{PartitionOf, Table};
use crate::plan::decisions::disposition::Disposition;
use crate::plan::online::part::{Parts, Stage, at, not_valid, own, remove, validate};
use crate::plan::online::site::Site;
use crate::plan::statement::Statement;

pub(in crate::plan) fn parts(
    site: &Site<'_>,
    _: &ObjectId,
    statement: &Statement,
) -> Option<Parts> {
    let (table, link) = match statement {
        Statement::DetachPartition { table, parent, .. } => return detached(site, table, parent),
        Statement::DropTable(table) => return dropped(site, table, statement),
        Statement::AttachPartition { table, link } => (table, link),
        Statement::CreateTable(it) => (&it.table.name, it.table.partition_of.as_ref()?),
        _ => return None,
    };
    let bound = site.to.bounds.of(table)?;
    let mut checks = Vec::new();
    if site.is_in_use(table) && site.keeps_all_values(table) {
        checks.push(check(site, table, table, bound.to_owned()));
    }
    if let Some(default) = default_partition(site, link) {
        checks.push(check(site, &default.name, table, format!("NOT ({bound})")));
    }
    if checks.is_empty() {
        return None;
    }
    let mut parts: Parts = checks.iter().map(|it| at(Stage::Announce, not_valid(it))).collect();
    parts.extend(checks.iter().map(|it| at(Stage::Prove, validate(it))));
    parts.push(own(statement.clone()));
    parts.extend(checks.into_iter().map(|it| own(remove(it))));
    Some(parts)
}

/// The release from which a partition can be detached CONCURRENTLY.
const DETACHED_CONCURRENTLY_SINCE: u32 = 14;

/// A partition that leaves: detached CONCURRENTLY. PostgreSQL would leave a check of the bound on it, unless
/// one is there that says so (`DetachAddConstraintIfNeeded` in the server).
fn detached(site: &Site<'_>, table: &QualifiedName, parent: &QualifiedName) -> Option<Parts> {
    // Rows of a partition that is attached again are not missing for a while.
    let leaves = !site.is_attached(table);
    let stays = site.is_in_use(table) && site.keeps_all_values(table);
    let bound = site.from.bounds.of(table)?;
    if !leaves || !stays || !is_detached_concurrently(site, parent) {
        return None;
    }
    let check = check(site, table, table, bound.to_owned());
    Some(vec![
        at(Stage::Announce, not_valid(&check)),
        at(Stage::Prove, validate(&check)),
        at(Stage::Prepare, detach(table, parent)),
        own(remove(check)),
    ])
}

/// A partition that is dropped is detached before, which keeps queries of the parent from waiting.
fn dropped(site: &Site<'_>, table: &QualifiedName, drop: &Statement) -> Option<Parts> {
    let before = site.from.schema.table(table)?;
    let parent = &before.partition_of.as_ref()?.parent;
    let is_detached = matches!(
        site.dispositions.get(&ObjectId::table(table)),
        Some(Disposition::DetachAndDrop | Disposition::Replace)
    );
    if is_detached || !is_detached_concurrently(site, parent) {
        return None;
    }
    Some(vec![at(Stage::Finish, detach(table, parent)), own(drop.clone())])
}

fn detach(table: &QualifiedName, parent: &QualifiedName) -> Statement {
    let (table, parent) = (table.clone(), parent.clone());
    Statement::DetachPartition { table, parent, concurrently: true }
}

/// Whether the version has it, the parent stays and is in use, no default partition stands beside, and no
/// foreign key references the parent, for whose sake its rows would be read.
fn is_detached_concurrently(site: &Site<'_>, parent: &QualifiedName) -> bool {
    let schema = &site.from.schema;
    let is_referenced = schema.tables().any(|table| {
        schema.constraints(&table.name).any(|it| match &it.rule {
            ConstraintRule::ForeignKey(key) => key.references == *parent,
            ConstraintRule::PrimaryKey(_)
            | ConstraintRule::Unique(_)
            | ConstraintRule::Check { .. }
            | ConstraintRule::Exclude { .. } => false,
        })
    });
    site.version() >= DETACHED_CONCURRENTLY_SINCE
        && site.is_in_use(parent)
        && !site.is_moved(parent)
        && site.default_partition(parent).is_none()
        && !is_referenced
}

/// The default partition beside a new one, where it stays and may have rows. That of a table that is
/// itself a partition is left out: what is known of a bound there includes the bound above.
fn default_partition<'a>(site: &Site<'a>, link: &PartitionOf) -> Option<&'a Table> {
    let parent = site.from.schema.table(&link.parent).filter(|it| it.partition_of.is_none())?;
    let default = site.default_partition(&parent.name)?;
    let stays = site.is_in_use(&default.name)
        && !site.is_moved(&default.name)
        && site.keeps_all_values(&default.name);
    stays.then_some(default)
}

/// A check of a table, named after the partition that it is for.
fn check(
    site: &Site<'_>,
    table: &QualifiedName,
    partition: &QualifiedName,
    expression: String,
) -> Constraint {
    let name = site.free_name(table, &partition.name, "bound_check");
    let rule = ConstraintRule::Check { expression: SqlExpr::new(expression), no_inherit: false };
    Constraint::new(table.clone(), name, rule)
}

/// Whether a constraint is a check of a bound.
pub(in crate::plan) fn proves_bound(constraint: &Constraint, bound: &str) -> bool {
    match &constraint.rule {
        ConstraintRule::Check { expression, .. } => expression.as_str() == bound,
        ConstraintRule::PrimaryKey(_)
        | ConstraintRule::Unique(_)
        | ConstraintRule::ForeignKey(_)
        | ConstraintRule::Exclude { .. } => false,
    }
}
