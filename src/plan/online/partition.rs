//! ATTACH PARTITION and CREATE TABLE … PARTITION OF: PostgreSQL reads the table, and the default
//! partition, under ACCESS EXCLUSIVE, unless a valid CHECK says that every row fits (manual, ALTER TABLE,
//! ATTACH PARTITION).

use crate::model::constraint::{Constraint, ConstraintRule};
use crate::model::expr::SqlExpr;
use crate::model::ident::QualifiedName;
use crate::model::object::ObjectId;
use crate::model::table::{PartitionOf, Table};
use crate::plan::online::part::{Parts, Stage, at, own};
use crate::plan::online::site::Site;
use crate::plan::statement::Statement;

pub(in crate::plan) fn parts(
    site: &Site<'_>,
    _: &ObjectId,
    statement: &Statement,
) -> Option<Parts> {
    let (table, link) = match statement {
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
    let unproved = |it: &Constraint| Constraint { validated: false, ..it.clone() };
    let announced = checks.iter().map(|it| Statement::AddConstraint(Box::new(unproved(it))));
    let mut parts: Parts = announced.map(|it| at(Stage::Announce, it)).collect();
    let validated = checks.iter().map(|it| Statement::ValidateConstraint(Box::new(it.clone())));
    parts.extend(validated.map(|it| at(Stage::Prepare, it)));
    parts.push(own(statement.clone()));
    let removed = checks.into_iter().map(|it| Statement::DropConstraint(Box::new(it)));
    parts.extend(removed.map(own));
    Some(parts)
}

/// The default partition beside a new one, where it stays and may have rows. That of a table that is
/// itself a partition is left out: what is known of a bound there includes the bound above.
fn default_partition<'a>(site: &Site<'a>, link: &PartitionOf) -> Option<&'a Table> {
    let schema = &site.from.schema;
    let parent = schema.table(&link.parent).filter(|it| it.partition_of.is_none())?;
    let is_default = |it: &&Table| {
        let link = it.partition_of.as_ref();
        link.is_some_and(|it| it.parent == parent.name && it.bound == "DEFAULT")
    };
    let default = schema.tables().find(is_default)?;
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
