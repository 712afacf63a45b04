//! Whether a table is the one that code was generated for.

use super::errors::{Error, Result};
use super::session::{Session, query};
use super::table::Table;

/// Compares a table with the one that its code was generated for: names, types and NOT NULL of its
/// columns, and the indexes of its searches. Other columns are ignored, unless an insert that does
/// not know them fails.
///
/// # Errors
/// [`Error::SchemaDrift`] with all differences.
pub async fn verify<T: Table, C: Session>(client: &C) -> Result<()> {
    // Types are compared as a session prints them that finds `public` and nothing else. A row with a
    // trigger before INSERT can get its values there.
    let sql = "SELECT a.attname::text, CASE \
               WHEN NOT pg_type_is_visible(e.oid) \
               THEN regexp_replace(format_type(a.atttypid, a.atttypmod), '^public[.]', '') \
               WHEN n.nspname IN ('pg_catalog', 'public') \
               THEN format_type(a.atttypid, a.atttypmod) \
               ELSE quote_ident(n.nspname) || '.' || format_type(a.atttypid, a.atttypmod) END, \
               a.attnotnull, (a.attnotnull OR t.typnotnull) AND NOT a.atthasdef \
               AND a.attidentity = '' AND t.typdefault IS NULL \
               AND NOT EXISTS (SELECT FROM pg_trigger g WHERE g.tgrelid = a.attrelid \
               AND NOT g.tgisinternal AND g.tgtype & 7 = 7) \
               FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid \
               JOIN pg_type e ON e.oid = CASE WHEN t.typtype = 'b' AND t.typcategory = 'A' \
               THEN t.typelem ELSE t.oid END \
               JOIN pg_namespace n ON n.oid = e.typnamespace \
               WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped";
    let rows = query(client, sql, &[&T::NAME]).await?;
    let table = T::NAME;
    let mut differences = Vec::new();
    if rows.is_empty() {
        differences.push("there is no such table".to_string());
        return Err(Error::SchemaDrift { table, differences });
    }
    for column in T::COLUMNS {
        let name = column.bare_name();
        let mut live = None;
        for row in &rows {
            if row.try_get::<_, &str>(0)? == name {
                live = Some((row.try_get::<_, &str>(1)?, row.try_get::<_, bool>(2)?));
            }
        }
        match live {
            None => differences.push(format!("no column {name}")),
            Some((is, _)) if is != column.declared => {
                differences.push(format!("{name} is {is}, not {}", column.declared));
            }
            Some((_, is)) if is != column.not_null => {
                let is = if is { "NOT NULL" } else { "nullable" };
                differences.push(format!("{name} is {is}"));
            }
            Some(_) => {}
        }
    }
    for row in &rows {
        let (name, required) = (row.try_get::<_, &str>(0)?, row.try_get::<_, bool>(3)?);
        if required && !T::COLUMNS.iter().any(|it| it.bare_name() == name) {
            differences.push(format!(
                "{name} is new and NOT NULL without a default, so rows cannot be inserted"
            ));
        }
    }
    differences.extend(missing_indexes::<T, C>(client).await?);
    if differences.is_empty() {
        return Ok(());
    }
    Err(Error::SchemaDrift { table, differences })
}

/// The indexes of searches that were dropped, or are not valid.
async fn missing_indexes<T: Table, C: Session>(client: &C) -> Result<Vec<String>> {
    if T::INDEXES.is_empty() {
        return Ok(Vec::new());
    }
    let sql = "SELECT c.relname::text FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid \
               WHERE i.indrelid = to_regclass($1) AND i.indisvalid";
    let rows = query(client, sql, &[&T::NAME]).await?;
    let valid: Vec<&str> = rows
        .iter()
        .map(|it| it.try_get(0))
        .collect::<Result<_, _>>()?;
    let missing = T::INDEXES.iter().filter(|it| !valid.contains(it));
    Ok(missing.map(|it| format!("no valid index {it}")).collect())
}
