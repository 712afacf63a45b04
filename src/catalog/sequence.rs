//! Sequences: those that a user declares, and those of identity columns.

use std::collections::HashMap;

use super::directory::{Address, Directory, PG_CLASS};
use super::row::row;
use super::{CatalogError, Scope, text};
use crate::model::ident::QualifiedName;
use crate::model::sequence::{ColumnRef, Sequence, SequenceOptions};

row! {
    "sequences";
    /// A row of `pg_sequence`, with the column that it belongs to.
    struct SequenceRow {
        oid: u32,
        namespace: String,
        name: String,
        data_type: String,
        start: i64,
        increment: i64,
        min: i64,
        max: i64,
        cache: i64,
        cycle: bool,
        persistence: String,
        /// `a` after OWNED BY, `i` inside an identity column.
        ownership: Option<String>,
        owner_table: Option<u32>,
        owner_column: Option<i32>,
    }
}

/// The sequence inside an identity column.
#[derive(Debug, Clone)]
pub(super) struct IdentitySequence {
    pub(super) oid: u32,
    pub(super) name: String,
    pub(super) options: SequenceOptions,
}

/// The sequences of identity columns, by table and column number.
pub(super) type Identities = HashMap<(u32, i32), IdentitySequence>;

/// Picks out the sequences of identity columns.
pub(super) fn identities(rows: &[SequenceRow]) -> Result<Identities, CatalogError> {
    rows.iter()
        .filter(|it| it.is_identity())
        .filter_map(|it| Some((it.owner()?, it)))
        .map(|(owner, it)| {
            let options = it.options()?;
            Ok((owner, IdentitySequence { oid: it.oid, name: it.name.clone(), options }))
        })
        .collect()
}

/// Adds the other sequences in scope. One that belongs to a column of a table that is not managed
/// goes with that table.
pub(super) fn read(
    rows: Vec<SequenceRow>,
    scope: &Scope,
    directory: &mut Directory,
) -> Result<(), CatalogError> {
    for row in rows {
        let name = row.qualified_name();
        if row.is_identity() || scope.excludes(&name) {
            continue;
        }
        let owned_by = match row.owner() {
            None => None,
            Some((table, number)) => match owner(table, number, directory) {
                None => continue,
                owner => owner,
            },
        };
        let read = super::table::persistence(&row.persistence, &name);
        let Some(persistence) = directory.known(read)? else { continue };
        let address = Address::whole(PG_CLASS, row.oid);
        let sequence = Sequence {
            options: row.options()?,
            owned_by,
            persistence,
            name,
            comment: directory.take_comment(address),
        };
        directory.add(sequence, [address]);
    }
    Ok(())
}

fn owner(table: u32, number: i32, directory: &Directory) -> Option<ColumnRef> {
    let name = directory.table(table)?.clone();
    let number = i16::try_from(number).ok()?;
    let column = directory.column(table, number, &"sequence").ok()?;
    Some(ColumnRef { table: name, column: column.name.clone() })
}

impl SequenceRow {
    fn is_identity(&self) -> bool {
        self.ownership.as_deref() == Some("i")
    }

    fn owner(&self) -> Option<(u32, i32)> {
        self.owner_table.zip(self.owner_column)
    }

    fn qualified_name(&self) -> QualifiedName {
        QualifiedName::new(self.namespace.as_str(), self.name.as_str())
    }

    fn options(&self) -> Result<SequenceOptions, CatalogError> {
        Ok(SequenceOptions {
            data_type: text::pg_type(&self.data_type)?,
            start: self.start,
            increment: self.increment,
            min: self.min,
            max: self.max,
            cache: self.cache,
            cycle: self.cycle,
        })
    }
}
