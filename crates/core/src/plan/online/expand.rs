//! A type change that rewrites the table, by a second column: a trigger keeps both equal, rows are
//! filled in batches, new indexes are built, and one brief transaction exchanges the two.

use crate::model::column::{Column, ColumnValue, Identity};
use crate::model::ident::{Ident, QualifiedName, object_name};
use crate::model::index::{Index, IndexKey, IndexValue};
use crate::model::not_null::NotNull;
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::model::sequence::ColumnRef;
use crate::plan::decisions::alter::alter;
use crate::plan::decisions::disposition::Disposition;
use crate::plan::decisions::rebuild::mentions;
use crate::plan::mirror::Mirror;
use crate::plan::online::column;
use crate::plan::online::part::{Parts, Stage, at, own};
use crate::plan::online::site::Site;
use crate::plan::statement::{ColumnAction, FillValue, MirrorAction, NotNullAction, Statement};

pub(in crate::plan) fn parts(
    site: &Site<'_>,
    id: &ObjectId,
    statement: &Statement,
) -> Option<Parts> {
    match statement {
        Statement::AddColumn(column) => Some(begin(site, column, site.mirror(id)?)),
        Statement::DropColumn { .. } => Some(end(site, site.mirror(id)?)),
        Statement::CreateIndex { index, concurrently: false, .. } => beside(site, index),
        _ => None,
    }
}

/// The second column, its trigger and its rows; then the column takes the name of the old one, which is
/// dropped by then.
fn begin(site: &Site<'_>, wanted: &Column, mirror: &Mirror) -> Parts {
    let say = |action| Statement::Mirror { mirror: Box::new(mirror.clone()), action };
    let new = mirror.column(wanted);
    let name = ColumnRef { table: mirror.table.clone(), column: mirror.new.clone() };
    let value = FillValue::Mirror(Box::new(mirror.clone()));
    let mut parts = vec![
        at(Stage::Announce, Statement::AddColumn(Box::new(new.clone()))),
        at(Stage::Announce, say(MirrorAction::CreateFunction)),
        at(Stage::Announce, say(MirrorAction::CreateTrigger)),
        at(Stage::Announce, say(MirrorAction::EnableAlways)),
        at(Stage::Announce, say(MirrorAction::AddCheck)),
        at(Stage::Copy, column::fill(name, value, mirror.key.clone())),
        at(Stage::Prepare, say(MirrorAction::ValidateCheck)),
        at(Stage::Prepare, say(MirrorAction::Analyze)),
    ];
    let object = ObjectId::child(ObjectKind::Column, &mirror.table, &mirror.new);
    parts.push(own(Statement::Rename { object, name: wanted.name.clone() }));
    let mut renamed = Column { name: wanted.name.clone(), not_null: wanted.not_null, ..new };
    if let Some(numbers) = numbers(site, mirror) {
        let object = ObjectId::named(ObjectKind::Sequence, &numbers.between);
        parts.push(own(Statement::Rename { object, name: numbers.new.name.clone() }));
        renamed.value = ColumnValue::Identity(numbers.identity);
    }
    if wanted.not_null && site.names_not_null() {
        renamed.not_null_constraint.name = Some(not_null_name(mirror));
    }
    let wanted = Column { comment: None, ..wanted.clone() };
    let altered = alter(&renamed.into(), &wanted.into());
    let rest = altered.release.into_iter().chain(altered.statements).chain(altered.late);
    parts.extend(rest.map(own));
    parts
}

/// What kept both equal goes, and the old column.
fn end(site: &Site<'_>, mirror: &Mirror) -> Parts {
    let say = |action| Statement::Mirror { mirror: Box::new(mirror.clone()), action };
    let column = ColumnRef { table: mirror.table.clone(), column: mirror.new.clone() };
    let not_null = if site.names_not_null() {
        let name = Some(not_null_name(mirror));
        let action = NotNullAction::Add(NotNull { name, ..NotNull::default() });
        Statement::NotNull { column, action }
    } else {
        Statement::AlterColumn { column, action: ColumnAction::SetNotNull }
    };
    let mut parts: Parts = Vec::new();
    if mirror.not_null {
        parts.push(own(not_null));
    }
    if let Some(numbers) = numbers(site, mirror) {
        let column = ColumnRef { table: mirror.table.clone(), column: mirror.new.clone() };
        let sequence_name = Some(numbers.between.name);
        let identity = Identity { sequence_name, ..numbers.identity };
        let action = ColumnAction::AddIdentity(identity);
        parts.push(own(Statement::AlterColumn { column: column.clone(), action }));
        parts.push(own(Statement::ContinueSequence { column, from: numbers.old }));
    }
    parts.extend([
        own(say(MirrorAction::DropCheck)),
        own(say(MirrorAction::DropTrigger)),
        own(say(MirrorAction::DropFunction)),
        own(say(MirrorAction::DropOld)),
    ]);
    parts
}

/// The sequences of an identity column: that of the second column continues at the value of the first.
struct Numbers {
    /// That of the first column.
    old: QualifiedName,
    /// That of the second, while the first is there.
    between: QualifiedName,
    /// The same in the end.
    new: QualifiedName,
    /// What the column shall be.
    identity: Identity,
}

fn numbers(site: &Site<'_>, mirror: &Mirror) -> Option<Numbers> {
    let table = &mirror.table;
    let (old, _) = site.from.schema.column(table, &mirror.old)?.identity()?;
    let wanted = site.to.schema.column(table, &mirror.old)?;
    let (new, identity) = wanted.identity()?;
    let between = table.sibling(site.free_column_name(table, &mirror.new, "seq"));
    Some(Numbers { old, between, new, identity: identity.clone() })
}

/// The name of the NOT NULL constraint of a second column: that of the first is taken until it is dropped.
fn not_null_name(mirror: &Mirror) -> Ident {
    object_name(mirror.check.as_str(), None, "not_null")
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

/// Whether an index can be built over a second column before the swap: its expressions and its predicate do
/// not name one, and all of its columns are there.
pub(super) fn is_over_mirror(site: &Site<'_>, index: &Index, id: &ObjectId) -> bool {
    let mirrored =
        |it: &Ident| site.mirror(&ObjectId::child(ObjectKind::Column, &index.table, it)).is_some();
    let names = site.from.schema.column_names(&index.table);
    let mut columns = index.column_names();
    columns.clone().any(mirrored)
        && names.iter().filter(|it| mirrored(it)).all(|it| !mentions(index, it))
        && matches!(site.dispositions.get(id), Some(Disposition::Replace))
        && columns.all(|it| site.prepared(&index.table, it).is_some())
}
