//! A change of type that writes the table anew, by way of a second column: a trigger keeps both equal,
//! rows are filled in batches, indexes are built beside, and one brief transaction swaps the two.

use crate::model::column::Column;
use crate::model::constraint::{Constraint, ConstraintRule};
use crate::model::expr::SqlExpr;
use crate::model::ident::Ident;
use crate::model::index::{Index, IndexKey, IndexValue};
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::model::sequence::ColumnRef;
use crate::plan::decisions::alter::alter;
use crate::plan::decisions::disposition::Disposition;
use crate::plan::mirror::Mirror;
use crate::plan::online::column;
use crate::plan::online::part::{Parts, Stage, at, own};
use crate::plan::online::site::Site;
use crate::plan::statement::{ColumnAction, FillValue, MirrorAction, Statement};

pub(in crate::plan) fn parts(
    site: &Site<'_>,
    id: &ObjectId,
    statement: &Statement,
) -> Option<Parts> {
    match statement {
        Statement::AddColumn(column) => begin(site, column, site.mirror(id)?),
        Statement::DropColumn { .. } => Some(end(site.mirror(id)?)),
        Statement::CreateIndex { index, concurrently: false, .. } => beside(site, index),
        _ => None,
    }
}

/// The second column, its trigger and its rows; then the column takes the name of the old one, which is
/// dropped by then.
fn begin(site: &Site<'_>, wanted: &Column, mirror: &Mirror) -> Option<Parts> {
    let key = site.first_row_key(&wanted.table)?;
    let say = |action| Statement::Mirror { mirror: Box::new(mirror.clone()), action };
    let new = mirror.column(wanted);
    let name = ColumnRef { table: mirror.table.clone(), column: mirror.new.clone() };
    let check = check(mirror);
    let unproved = Constraint { validated: false, ..check.clone() };
    let value = FillValue::Mirror(Box::new(mirror.clone()));
    let mut parts = vec![
        at(Stage::Announce, Statement::AddColumn(Box::new(new.clone()))),
        at(Stage::Announce, say(MirrorAction::CreateFunction)),
        at(Stage::Announce, say(MirrorAction::CreateTrigger)),
        at(Stage::Announce, say(MirrorAction::EnableAlways)),
        at(Stage::Announce, Statement::AddConstraint(Box::new(unproved))),
        at(Stage::Copy, Statement::Fill { column: name, value, key, rows: column::BATCH }),
        at(Stage::Prepare, Statement::ValidateConstraint(Box::new(check))),
    ];
    let object = ObjectId::child(ObjectKind::Column, &mirror.table, &mirror.new);
    parts.push(own(Statement::Rename { object, name: wanted.name.clone() }));
    let renamed = Column { name: wanted.name.clone(), not_null: wanted.not_null, ..new };
    let wanted = Column { comment: None, ..wanted.clone() };
    let altered = alter(&renamed.into(), &wanted.into());
    let rest = altered.release.into_iter().chain(altered.statements).chain(altered.late);
    parts.extend(rest.map(own));
    Some(parts)
}

/// What kept both equal goes, and the old column.
fn end(mirror: &Mirror) -> Parts {
    let say = |action| Statement::Mirror { mirror: Box::new(mirror.clone()), action };
    let column = ColumnRef { table: mirror.table.clone(), column: mirror.new.clone() };
    let not_null = Statement::AlterColumn { column, action: ColumnAction::SetNotNull };
    let mut parts: Parts = Vec::new();
    if mirror.not_null {
        parts.push(own(not_null));
    }
    parts.extend([
        own(Statement::DropConstraint(Box::new(check(mirror)))),
        own(say(MirrorAction::DropTrigger)),
        own(say(MirrorAction::DropFunction)),
        own(say(MirrorAction::DropOld)),
    ]);
    parts
}

fn check(mirror: &Mirror) -> Constraint {
    let rule =
        ConstraintRule::Check { expression: SqlExpr::new(mirror.condition()), no_inherit: false };
    Constraint::new(mirror.table.clone(), mirror.check.clone(), rule)
}

/// An index over a second column: built beside the old one, it takes its name.
fn beside(site: &Site<'_>, index: &Index) -> Option<Parts> {
    let id = Object::Index(index.clone()).id();
    if !is_over_mirror(site, index, &id) {
        return None;
    }
    let table = &index.table;
    let new = site.free_name(table, &index.name, "new");
    let columns = |it: &Ident| site.prepared(table, it).unwrap_or_else(|| it.clone());
    let key = |it: &IndexKey| match &it.value {
        IndexValue::Column(name) => {
            IndexKey { value: IndexValue::Column(columns(name)), ..it.clone() }
        }
        IndexValue::Expression(_) => it.clone(),
    };
    let built = Index {
        name: new.clone(),
        keys: index.keys.iter().map(key).collect(),
        include: index.include.iter().map(columns).collect(),
        comment: None,
        ..index.clone()
    };
    let index_of = |name: &Ident| ObjectId::child(ObjectKind::Index, table, name);
    let build = Statement::CreateIndex { index: Box::new(built), concurrently: true, only: false };
    let rename = Statement::Rename { object: index_of(&new), name: index.name.clone() };
    Some(vec![at(Stage::Prepare, build), own(rename)])
}

/// Whether an index can be built over a second column before the swap: it has plain columns only, and
/// all of them are there.
pub(in crate::plan) fn is_over_mirror(site: &Site<'_>, index: &Index, id: &ObjectId) -> bool {
    let plain = |it: &IndexKey| matches!(it.value, IndexValue::Column(_));
    let mut columns = index.column_names();
    let over = columns
        .clone()
        .any(|it| site.mirror(&ObjectId::child(ObjectKind::Column, &index.table, it)).is_some());
    over && index.predicate.is_none()
        && index.keys.iter().all(plain)
        && site.dispositions.get(id).is_some_and(|it| matches!(it, Disposition::Replace))
        && columns.all(|it| site.prepared(&index.table, it).is_some())
}
