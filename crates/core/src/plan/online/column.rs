//! ADD COLUMN with a volatile default: PostgreSQL rewrites the table under ACCESS EXCLUSIVE.
//! Instead the column is added without a default, the default is set for new rows, and existing
//! rows are filled in batches.

use crate::model::column::{Column, ColumnValue, Identity};
use crate::model::expr::SqlExpr;
use crate::model::ident::Ident;
use crate::model::object::{ObjectId, ObjectKind};
use crate::model::privileges::Grantee;
use crate::model::sequence::{ColumnRef, Sequence};
use crate::model::table::Persistence;
use crate::plan::column::user_type;
use crate::plan::online::not_null;
use crate::plan::online::part::{Parts, Stage, at, own};
use crate::plan::online::site::Site;
use crate::plan::statement::{ColumnAction, FillValue, Granting, Statement};

/// How many rows one transaction of an UPDATE in batches touches.
const BATCH: u32 = 5_000;

pub(in crate::plan) fn parts(
    site: &Site<'_>,
    id: &ObjectId,
    statement: &Statement,
) -> Option<Parts> {
    let Statement::AddColumn(column) = statement else { return None };
    let table = &column.table;
    if !site.is_in_use(table) || site.is_moved(table) || !column.not_null_constraint.is_plain() {
        return None;
    }
    // What a domain with constraints has to look at is written into the rows anyway.
    let is_of_domain = user_type(&column.data_type)
        .is_some_and(|it| site.to.schema.contains(&ObjectId::named(ObjectKind::Domain, &it)));
    if is_of_domain {
        return None;
    }
    let key = site.row_key(table)?;
    match &column.value {
        ColumnValue::Default(default) if site.to.volatile.contains(id) => {
            Some(filled(site, column, default, key))
        }
        ColumnValue::Identity(identity) => Some(numbered(site, column, identity, key)),
        ColumnValue::Default(_)
        | ColumnValue::None
        | ColumnValue::Stored(_)
        | ColumnValue::Virtual(_) => None,
    }
}

/// A column whose default has a value of its own in each row.
fn filled(site: &Site<'_>, column: &Column, default: &SqlExpr, key: Vec<Ident>) -> Parts {
    let name = reference(column);
    let mut parts = empty(column, default.clone());
    parts.push(at(Stage::Fill, fill(name.clone(), FillValue::Default, key)));
    if column.not_null {
        parts.extend(not_null::proved(site, &name, false).unwrap_or_default());
    }
    parts
}

/// An identity column: a sequence numbers the rows until the column is NOT NULL, which identity asks
/// for, and the identity continues after the last value.
fn numbered(site: &Site<'_>, column: &Column, identity: &Identity, key: Vec<Ident>) -> Parts {
    let name = reference(column);
    let sequence = numbering(site, column, identity);
    let next = format!("nextval('{}'::regclass)", sequence.name.to_string().replace('\'', "''"));
    // Whoever may write rows numbers them: the sequence of an identity asks for no privilege of its own.
    let grant = Statement::Grant {
        on: ObjectId::named(ObjectKind::Sequence, &sequence.name),
        grantee: Grantee::Public,
        granting: Granting::Grant { privileges: vec!["USAGE".to_owned()], option: false },
    };
    let mut parts = vec![own(Statement::CreateSequence(sequence.clone())), own(grant)];
    parts.extend(empty(column, SqlExpr::new(next)));
    parts.push(at(Stage::Fill, fill(name.clone(), FillValue::Default, key)));
    parts.extend(not_null::proved(site, &name, false).unwrap_or_default());
    let say = |action| Statement::AlterColumn { column: name.clone(), action };
    parts.extend([
        at(Stage::Settle, say(ColumnAction::DropDefault)),
        at(Stage::Settle, say(ColumnAction::AddIdentity(identity.clone()))),
        at(
            Stage::Settle,
            Statement::ContinueSequence { column: name.clone(), from: sequence.name.clone() },
        ),
        at(Stage::Settle, Statement::DropSequence(sequence.name)),
    ]);
    parts
}

/// The rows get their values in batches.
pub(super) fn fill(column: ColumnRef, value: FillValue, key: Vec<Ident>) -> Statement {
    Statement::Fill { column, value, key, rows: BATCH }
}

/// The column, empty, and its default for new rows.
fn empty(column: &Column, default: SqlExpr) -> Parts {
    let bare = Column { not_null: false, value: ColumnValue::None, ..column.clone() };
    let action = ColumnAction::SetDefault(default);
    let set = Statement::AlterColumn { column: reference(column), action };
    vec![own(Statement::AddColumn(Box::new(bare))), own(set)]
}

/// The sequence that numbers the rows meanwhile.
fn numbering(site: &Site<'_>, column: &Column, identity: &Identity) -> Sequence {
    let name = site.free_column_name(&column.table, &column.name, "fill");
    Sequence {
        name: column.table.sibling(name),
        options: identity.options.clone(),
        owned_by: None,
        persistence: Persistence::Permanent,
        comment: None,
    }
}

fn reference(column: &Column) -> ColumnRef {
    ColumnRef { table: column.table.clone(), column: column.name.clone() }
}
