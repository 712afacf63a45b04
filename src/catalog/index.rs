//! Indexes that belong to no constraint.

use super::CatalogError;
use super::directory::{Address, Directory, PG_CLASS};
use super::operator_class::OperatorClasses;
use super::row::row;
use super::text;
use crate::model::expr::SqlExpr;
use crate::model::ident::{Ident, QualifiedName};
use crate::model::index::{Index, IndexKey, IndexValue};
use crate::model::object::{ObjectId, ObjectKind};
use crate::model::parameters::ParameterTarget;

/// `pg_collation.oid` of `default`, the collation of the database.
const DEFAULT_COLLATION: u32 = 100;
/// Bits of `indoption` (`src/include/catalog/pg_index.h` in the server).
const DESCENDING: i16 = 1;
const NULLS_FIRST: i16 = 2;

row! {
    "indexes";
    /// A row of `pg_index`.
    struct IndexRow {
        oid: u32,
        table_oid: u32,
        name: String,
        method: String,
        is_unique: bool,
        nulls_not_distinct: bool,
        valid: bool,
        clustered: bool,
        key_count: i16,
        /// Keys, then INCLUDE; 0 for an expression.
        columns: Vec<i16>,
        operator_classes: Vec<u32>,
        collations: Vec<u32>,
        flags: Vec<i16>,
        /// One for each key that is an expression.
        expressions: Option<Vec<String>>,
        /// Types as the index holds them, where a key is an expression.
        stored_types: Option<Vec<u32>>,
        predicate: Option<String>,
        options: Option<Vec<String>>,
    }
}

/// Adds the indexes of managed tables.
pub(super) fn read(
    rows: Vec<IndexRow>,
    classes: &OperatorClasses,
    directory: &mut Directory,
) -> Result<(), CatalogError> {
    for row in rows {
        let Some(table) = directory.table(row.table_oid).cloned() else { continue };
        let address = Address::whole(PG_CLASS, row.oid);
        let comment = directory.take_comment(address);
        let mut index = Index { comment, ..index(row, table, classes, directory)? };
        let id = ObjectId::child(ObjectKind::Index, &index.table, &index.name);
        let target = ParameterTarget::Index(index.method.as_str());
        index.options = directory.documented(index.options, target, &id);
        directory.add(index, [address]);
    }
    Ok(())
}

fn index(
    row: IndexRow,
    table: QualifiedName,
    classes: &OperatorClasses,
    directory: &Directory,
) -> Result<Index, CatalogError> {
    let key_count = usize::try_from(row.key_count).unwrap_or_default().min(row.columns.len());
    let mut expressions = row.expressions.iter().flatten();
    let mut keys = Vec::with_capacity(key_count);
    for place in 0..key_count {
        keys.push(Reader { row: &row, classes, directory, place }.key(&mut expressions)?);
    }
    let include = directory.column_names(row.table_oid, &row.columns[key_count..], &row.name)?;
    let predicate = row.predicate.as_deref().map(text::without_outer_parentheses);
    Ok(Index {
        method: Ident::new(row.method),
        unique: row.is_unique,
        nulls_not_distinct: row.nulls_not_distinct,
        keys,
        include,
        predicate: predicate.map(SqlExpr::new),
        options: text::parameters(row.options),
        valid: row.valid,
        clustered: row.clustered,
        comment: None,
        name: Ident::new(row.name),
        table,
    })
}

/// Reads one key of an index.
struct Reader<'a> {
    row: &'a IndexRow,
    classes: &'a OperatorClasses,
    directory: &'a Directory,
    place: usize,
}

impl Reader<'_> {
    fn key<'a>(
        &self,
        expressions: &mut impl Iterator<Item = &'a String>,
    ) -> Result<IndexKey, CatalogError> {
        let row = self.row;
        let number = row.columns[self.place];
        let (value, type_oid, own_collation) = if number == 0 {
            let text = expressions.next().ok_or_else(|| self.dangling("expression"))?;
            let expression = SqlExpr::new(text::without_outer_parentheses(text));
            // What collation an expression has by itself is not in the catalog, so any but the
            // database's own is told.
            (IndexValue::Expression(expression), None, DEFAULT_COLLATION)
        } else {
            let column = self.directory.column(row.table_oid, number, &row.name)?;
            let value = IndexValue::Column(column.name.clone());
            (value, Some(column.type_oid), column.collation)
        };
        let class = *self.at(&row.operator_classes, "operator class")?;
        let stored_type = row.stored_types.as_ref().and_then(|it| it.get(self.place)).copied();
        let flags = *self.at(&row.flags, "flags")?;
        let collation = *self.at(&row.collations, "collation")?;
        let parameters = (row.oid, self.place);
        Ok(IndexKey {
            value,
            opclass: self.classes.written(class, type_oid, stored_type, parameters, &row.name)?,
            collation: self.directory.collation(collation, own_collation, &row.name)?,
            descending: flags & DESCENDING != 0,
            nulls_first: flags & NULLS_FIRST != 0,
        })
    }

    fn at<'a, T>(&self, values: &'a [T], what: &'static str) -> Result<&'a T, CatalogError> {
        values.get(self.place).ok_or_else(|| self.dangling(what))
    }

    fn dangling(&self, what: &'static str) -> CatalogError {
        let number = i64::try_from(self.place).unwrap_or_default() + 1;
        CatalogError::Dangling { what, number, owner: self.row.name.clone() }
    }
}
