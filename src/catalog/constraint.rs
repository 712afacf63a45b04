//! Constraints of tables.

use super::directory::{Address, Directory, PG_CLASS, PG_CONSTRAINT};
use super::row::row;
use super::table::unknown;
use super::{CatalogError, text};
use crate::model::constraint::{Action, Constraint, ConstraintRule, ForeignKey, Key, Timing};
use crate::model::expr::SqlExpr;
use crate::model::ident::{Ident, QualifiedName};
use crate::model::object::{ObjectId, ObjectKind};
use crate::model::parameters::ParameterTarget;

row! {
    "constraints";
    /// A row of `pg_constraint`, with the index behind it.
    struct ConstraintRow {
        oid: u32,
        table_oid: u32,
        name: String,
        kind: String,
        deferrable: bool,
        deferred: bool,
        validated: bool,
        enforced: bool,
        period: bool,
        columns: Vec<i16>,
        definition: Option<String>,
        no_inherit: bool,
        target_namespace: Option<String>,
        target_name: Option<String>,
        target_columns: Option<Vec<String>>,
        on_update: String,
        on_delete: String,
        on_delete_columns: Vec<i16>,
        match_type: String,
        index_oid: Option<u32>,
        index_columns: Option<Vec<i16>>,
        index_key_count: Option<i16>,
        nulls_not_distinct: bool,
        clustered: bool,
        options: Option<Vec<String>>,
    }
}

/// Adds the constraints of managed tables. The index behind one is known by the constraint's name.
pub(super) fn read(
    rows: Vec<ConstraintRow>,
    directory: &mut Directory,
) -> Result<(), CatalogError> {
    for row in rows {
        let Some(table) = directory.table(row.table_oid).cloned() else { continue };
        let read = rule(&row, directory);
        let Some(rule) = directory.known(read)? else { continue };
        let addresses: Vec<_> = [Address::whole(PG_CONSTRAINT, row.oid)]
            .into_iter()
            .chain(row.index_oid.map(|it| Address::whole(PG_CLASS, it)))
            .collect();
        let constraint = Constraint {
            rule,
            timing: timing(row.deferrable, row.deferred),
            // What is not enforced is not known to hold.
            validated: row.validated || !row.enforced,
            enforced: row.enforced,
            name: Ident::new(row.name),
            comment: directory.take_comment(addresses[0]),
            index_comment: row
                .index_oid
                .and_then(|it| directory.take_comment(Address::whole(PG_CLASS, it))),
            table,
        };
        let constraint = documented(constraint, directory);
        directory.add(constraint, addresses);
    }
    Ok(())
}

/// Keys stand on B-trees, save those WITHOUT OVERLAPS, which stand on GiST.
fn documented(mut constraint: Constraint, directory: &mut Directory) -> Constraint {
    let id = ObjectId::child(ObjectKind::Constraint, &constraint.table, &constraint.name);
    if let ConstraintRule::PrimaryKey(key) | ConstraintRule::Unique(key) = &mut constraint.rule {
        let method = if key.without_overlaps { "gist" } else { "btree" };
        let found = std::mem::take(&mut key.options);
        key.options = directory.documented(found, ParameterTarget::Index(method), &id);
    }
    constraint
}

fn rule(row: &ConstraintRow, directory: &Directory) -> Result<ConstraintRule, CatalogError> {
    let definition = row.definition.as_deref().unwrap_or_default();
    match row.kind.as_str() {
        "p" => Ok(ConstraintRule::PrimaryKey(key(row, directory)?)),
        "u" => Ok(ConstraintRule::Unique(key(row, directory)?)),
        "f" => Ok(ConstraintRule::ForeignKey(foreign_key(row, directory)?)),
        "c" => Ok(ConstraintRule::Check {
            expression: SqlExpr::new(text::without_outer_parentheses(definition)),
            no_inherit: row.no_inherit,
        }),
        "x" => Ok(ConstraintRule::Exclude { definition: without_timing(definition).to_owned() }),
        other => Err(unknown("contype", other, &row.name)),
    }
}

/// `conkey` holds the key alone, `indkey` of the index behind it also the INCLUDE columns.
fn key(row: &ConstraintRow, directory: &Directory) -> Result<Key, CatalogError> {
    let key_count = row.index_key_count.and_then(|it| usize::try_from(it).ok());
    let include = match (&row.index_columns, key_count) {
        (Some(columns), Some(count)) => columns.get(count..).unwrap_or_default(),
        _ => &[],
    };
    Ok(Key {
        columns: directory.column_names(row.table_oid, &row.columns, &row.name)?,
        include: directory.column_names(row.table_oid, include, &row.name)?,
        nulls_not_distinct: row.nulls_not_distinct,
        without_overlaps: row.period,
        options: text::parameters(row.options.clone()),
        clustered: row.clustered,
    })
}

fn foreign_key(row: &ConstraintRow, directory: &Directory) -> Result<ForeignKey, CatalogError> {
    let target = row.target_namespace.as_deref().zip(row.target_name.as_deref());
    let (namespace, name) = target.ok_or_else(|| CatalogError::Dangling {
        what: "the referenced table of constraint",
        number: row.oid.into(),
        owner: row.name.clone(),
    })?;
    let referenced = row.target_columns.as_deref().unwrap_or_default();
    Ok(ForeignKey {
        columns: directory.column_names(row.table_oid, &row.columns, &row.name)?,
        references: QualifiedName::new(namespace, name),
        referenced_columns: referenced.iter().map(|it| Ident::new(it.as_str())).collect(),
        on_update: action(&row.on_update, &row.name)?,
        on_delete: action(&row.on_delete, &row.name)?,
        on_delete_columns: directory.column_names(
            row.table_oid,
            &row.on_delete_columns,
            &row.name,
        )?,
        match_full: row.match_type == "f",
        period: row.period,
    })
}

fn action(code: &str, owner: &str) -> Result<Action, CatalogError> {
    match code {
        "a" => Ok(Action::NoAction),
        "r" => Ok(Action::Restrict),
        "c" => Ok(Action::Cascade),
        "n" => Ok(Action::SetNull),
        "d" => Ok(Action::SetDefault),
        _ => Err(unknown("referential action", code, &owner)),
    }
}

fn timing(deferrable: bool, deferred: bool) -> Timing {
    match (deferrable, deferred) {
        (false, _) => Timing::NotDeferrable,
        (true, false) => Timing::Deferrable,
        (true, true) => Timing::Deferred,
    }
}

/// `pg_get_constraintdef` ends with the timing, in this order.
fn without_timing(definition: &str) -> &str {
    let definition = definition.strip_suffix(" INITIALLY DEFERRED").unwrap_or(definition);
    definition.strip_suffix(" DEFERRABLE").unwrap_or(definition)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(printed: &str, expected: &str) {
        assert_eq!(without_timing(printed), expected);
    }

    #[test]
    fn the_timing_is_no_part_of_an_exclusion() {
        check("EXCLUDE USING gist (r WITH &&)", "EXCLUDE USING gist (r WITH &&)");
        check("EXCLUDE USING gist (r WITH &&) DEFERRABLE", "EXCLUDE USING gist (r WITH &&)");
        check(
            "EXCLUDE USING gist (r WITH &&) WHERE ((a > 0)) DEFERRABLE INITIALLY DEFERRED",
            "EXCLUDE USING gist (r WITH &&) WHERE ((a > 0))",
        );
    }
}
