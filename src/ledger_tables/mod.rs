//! The ledger's tables: the only SQL that reads or writes them.

use thiserror::Error;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Row, Statement};

use crate::ledger::{
    Applied, AppliedRow, Direction, LedgerPrivileges, Obstacle, SegmentProgress, State, qualified,
    read, stored, tables,
};
use crate::model::fingerprint::Fingerprint;
use crate::model::ident::Ident;
use crate::revision::chain::Chain;
use crate::revision::checksum::Recorded;
use crate::revision::id::RevisionId;

/// The version that is written into rows.
const TOOL_VERSION: &str = env!("CARGO_PKG_VERSION");

/// How often setting up is tried when another session sets up at the same moment.
const CREATE_ATTEMPTS: usize = 5;

/// Why the ledger could not be read or written.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The server refused, or the connection is gone.
    #[error("cannot {doing} the ledger in schema `{schema}`")]
    Server {
        /// What was tried: `read`, `write` or `create`.
        doing: &'static str,
        /// The schema of the ledger.
        schema: Ident,
        /// The reason.
        #[source]
        source: tokio_postgres::Error,
    },
    /// The role lacks a privilege.
    #[error("{0}")]
    Forbidden(Box<Obstacle>),
    /// Row security hides rows from the role: what it does not see was never applied, it would seem.
    #[error("row security of table `{table}` hides rows of the ledger from this role")]
    Filtered {
        /// The table, as SQL.
        table: String,
    },
    /// A value that no version of aludel writes.
    #[error("the ledger's row of revision `{id}` has an invalid value: {column} `{value}`")]
    Value {
        /// The revision's id.
        id: String,
        /// The column.
        column: &'static str,
        /// What stands there.
        value: String,
    },
}

/// What was done, for the list of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventAction {
    /// A revision was applied.
    Upgrade,
    /// A revision was reverted.
    Downgrade,
    /// A revision was entered or taken out without running it.
    Stamp,
    /// The files of a revision were accepted as they are.
    Repair,
    /// Something failed.
    Failure,
}

impl EventAction {
    /// As the ledger stores it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Upgrade => "upgrade",
            Self::Downgrade => "downgrade",
            Self::Stamp => "stamp",
            Self::Repair => "repair",
            Self::Failure => "failure",
        }
    }
}

impl From<Direction> for EventAction {
    fn from(direction: Direction) -> Self {
        match direction {
            Direction::Up => Self::Upgrade,
            Direction::Down => Self::Downgrade,
        }
    }
}

/// A row of `aludel.event`; who, from where and when is for the server to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// What was done.
    pub action: EventAction,
    /// The revision.
    pub revision: Option<RevisionId>,
    /// The SQLSTATE of a failure.
    pub sqlstate: Option<String>,
    /// What failed, and where.
    pub detail: Option<String>,
    /// How long it took.
    pub milliseconds: i64,
}

/// The ledger of a database.
#[derive(Debug, Clone)]
pub struct Store {
    schema: Ident,
}

impl Store {
    /// The ledger that lives in this schema.
    #[must_use]
    pub fn new(schema: Ident) -> Self {
        Self { schema }
    }

    /// The schema that it lives in.
    #[must_use]
    pub fn schema(&self) -> &Ident {
        &self.schema
    }

    /// The SQL that sets up the ledger.
    #[must_use]
    pub fn create_sql(&self) -> String {
        self.sql(include_str!("queries/create.sql"))
    }

    /// The SQL that writes the row of a revision, with `$1` to `$13` for its values.
    #[must_use]
    pub fn put_sql(&self) -> String {
        self.sql(include_str!("queries/put.sql"))
    }

    /// The SQL that takes out the row of a revision, with `$1` for its id.
    #[must_use]
    pub fn delete_sql(&self) -> String {
        self.sql(include_str!("queries/delete.sql"))
    }

    /// The SQL that adds an event, with `$1` to `$6` for its values.
    #[must_use]
    pub fn event_sql(&self) -> String {
        self.sql(include_str!("queries/event.sql"))
    }

    /// The SQL that reads the note of a statement that was begun, with `$1` to `$3` for the revision's
    /// id, the action of its direction and the number of its part.
    #[must_use]
    pub fn begun_sql(&self) -> String {
        self.sql(include_str!("queries/begun.sql"))
    }

    /// The table of the revisions, as SQL.
    #[must_use]
    pub fn revisions(&self) -> String {
        let [revisions, _] = tables(&self.schema);
        qualified(&revisions)
    }

    /// Whether the role may set up the ledger where it is missing, and write it.
    ///
    /// # Errors
    /// When it may not, or the server refuses to say.
    pub async fn check_privileges(&self, client: &Client) -> Result<(), StoreError> {
        let [revision, event] = tables(&self.schema).map(|it| it.name.as_str().to_owned());
        let sql = include_str!("queries/rights.sql");
        let schema = self.schema.as_str();
        let values: [(&(dyn ToSql + Sync), Type); 3] =
            [(&schema, Type::TEXT), (&revision, Type::TEXT), (&event, Type::TEXT)];
        let row = client.query_typed_one(sql, &values).await;
        let row = row.map_err(|it| self.error("read", it))?;
        let name = |column| Ident::new(row.get::<_, String>(column));
        let privileges = LedgerPrivileges {
            role: name("role"),
            database: name("database"),
            schema: self.schema.clone(),
            schema_exists: row.get("schema_exists"),
            may_create: row.get("may_create"),
            tables_exist: row.get("tables_exist"),
            may_write: row.get("may_write"),
            may_create_in_public: row.get("may_create_in_public"),
        };
        match privileges.obstacle() {
            None => Ok(()),
            Some(obstacle) => Err(StoreError::Forbidden(Box::new(obstacle))),
        }
    }

    /// Creates the tables where they are missing. Two sessions may do so at once: `IF NOT EXISTS`
    /// does not wait for the other's commit but fails on its rows, so it is tried again.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn create(&self, client: &Client) -> Result<(), StoreError> {
        let sql = self.create_sql();
        for _ in 1..CREATE_ATTEMPTS {
            if self.exists(client).await? {
                return Ok(());
            }
            match client.batch_execute(&sql).await {
                Err(error) if is_creation_race(&error) => {}
                done => return done.map_err(|it| self.error("create", it)),
            }
        }
        client.batch_execute(&sql).await.map_err(|it| self.error("create", it))
    }

    /// Reads all rows. Where there is no ledger nothing was ever applied.
    ///
    /// # Errors
    /// When the server refuses, or a row makes no sense.
    pub async fn read(&self, client: &Client) -> Result<Applied, StoreError> {
        if !self.exists(client).await? {
            return Ok(Applied::default());
        }
        let sql = self.sql(include_str!("queries/read.sql"));
        let rows = client.query_typed(&sql, &[]).await.map_err(|it| self.error("read", it))?;
        rows.iter().map(|it| self.row(it)).collect()
    }

    /// The note of the statement outside of a transaction that was begun last, if it is that of this
    /// part of the revision, counted from one.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn begun(
        &self,
        client: &Client,
        id: &RevisionId,
        direction: Direction,
        part: usize,
    ) -> Result<Option<String>, StoreError> {
        let (id, action, part) = (id.as_str(), EventAction::from(direction).as_str(), count(part));
        let values: [(&(dyn ToSql + Sync), Type); 3] =
            [(&id, Type::TEXT), (&action, Type::TEXT), (&part, Type::INT4)];
        let row = client.query_typed_opt(&self.begun_sql(), &values).await;
        Ok(row.map_err(|it| self.error("read", it))?.and_then(|it| it.get("detail")))
    }

    /// Writes other checksums and chains into rows, all at once; when and by whom they were applied
    /// stays.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn amend(&self, client: &Client, rows: &[AppliedRow]) -> Result<(), StoreError> {
        let sql = self.sql(include_str!("queries/amend.sql"));
        let ids: Vec<&str> = rows.iter().map(|it| it.id.as_str()).collect();
        let checksums: Vec<String> = rows.iter().map(|it| it.checksum.to_string()).collect();
        let chains: Vec<&str> = rows.iter().map(|it| it.chain.as_str()).collect();
        let values: [(&(dyn ToSql + Sync), Type); 3] =
            [(&ids, Type::TEXT_ARRAY), (&checksums, Type::TEXT_ARRAY), (&chains, Type::TEXT_ARRAY)];
        let written = client.query_typed(&sql, &values).await;
        written.map(|_| ()).map_err(|it| self.error("write", it))
    }

    /// Prepares the statements that write. The tables must be there.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn writer<'c>(&self, client: &'c Client) -> Result<Writer<'c>, StoreError> {
        let put = [
            Type::TEXT,
            Type::TEXT_ARRAY,
            Type::TEXT,
            Type::TEXT,
            Type::TEXT,
            Type::TEXT,
            Type::INT4,
            Type::INT4,
            Type::BOOL,
            Type::TEXT,
            Type::TEXT,
            Type::FLOAT8,
            Type::TEXT,
        ];
        let event = [Type::TEXT, Type::TEXT, Type::TEXT, Type::TEXT, Type::FLOAT8, Type::TEXT];
        let (put_sql, delete_sql, event_sql) =
            (self.put_sql(), self.delete_sql(), self.event_sql());
        let prepared = tokio::try_join!(
            client.prepare_typed(&put_sql, &put),
            client.prepare_typed(&delete_sql, &[Type::TEXT]),
            client.prepare_typed(&event_sql, &event),
        );
        let (put, delete, event) = prepared.map_err(|it| self.error("write", it))?;
        Ok(Writer { client, schema: self.schema.clone(), put, delete, event })
    }

    /// Whether the tables are there, and all their rows can be read.
    async fn exists(&self, client: &Client) -> Result<bool, StoreError> {
        let sql = self.sql(include_str!("queries/exists.sql"));
        let row = client.query_typed_one(&sql, &[]).await.map_err(|it| self.error("read", it))?;
        match row.get("filtered") {
            true => Err(StoreError::Filtered { table: self.revisions() }),
            false => Ok(row.get("there")),
        }
    }

    /// The query files name the default schema, so that they run in psql as they are.
    fn sql(&self, text: &str) -> String {
        let schema = self.schema.to_string();
        let mut sql = text
            .replace("'aludel'", &literal(&schema))
            .replace("SCHEMA aludel", &format!("SCHEMA {schema}"));
        for (name, table) in ["aludel.revision", "aludel.event"].iter().zip(tables(&self.schema)) {
            let table = qualified(&table);
            sql = sql.replace(&format!("'{name}'"), &literal(&table)).replace(name, &table);
        }
        sql
    }

    fn row(&self, row: &Row) -> Result<AppliedRow, StoreError> {
        let id: String = row.get("id");
        let state: String = row.get("state");
        let wrong = |column, value: &str| StoreError::Value {
            id: id.clone(),
            column,
            value: value.to_owned(),
        };
        let known = State::ALL.into_iter().find(|it| it.as_str() == state);
        let parents: Vec<String> = row.get("parents");
        let parsed =
            |column, text: &String| RevisionId::parse(text).map_err(|_| wrong(column, text));
        let size = |column| usize::try_from(row.get::<_, i32>(column)).unwrap_or_default();
        let fingerprint: Option<String> = row.get("fingerprint");
        let stored: String = row.get("done_digest");
        let (digest, batch) = read(&stored).ok_or_else(|| wrong("done_digest", &stored))?;
        Ok(AppliedRow {
            id: parsed("id", &id)?,
            parents: parents.iter().map(|it| parsed("parents", it)).collect::<Result<_, _>>()?,
            message: row.get("message"),
            checksum: Recorded::parse(row.get("checksum")),
            chain: Chain::recorded(row.get::<_, String>("chain")),
            state: known.ok_or_else(|| wrong("state", &state))?,
            progress: SegmentProgress {
                done: size("segments_done"),
                of: size("segments"),
                open: row.get("segment_open"),
                digest,
                batch,
            },
            fingerprint: fingerprint.as_deref().and_then(Fingerprint::parse),
            applied_at: row.get("applied_at"),
            applied_by: row.get("applied_by"),
            milliseconds: row.get("milliseconds"),
            tool_version: row.get("tool_version"),
        })
    }

    pub(crate) fn error(&self, doing: &'static str, source: tokio_postgres::Error) -> StoreError {
        StoreError::Server { doing, schema: self.schema.clone(), source }
    }
}

/// Writes the ledger over one connection, by prepared statements: they may be sent one behind the
/// other without waiting.
#[derive(Debug)]
pub struct Writer<'c> {
    client: &'c Client,
    schema: Ident,
    put: Statement,
    delete: Statement,
    event: Statement,
}

impl Writer<'_> {
    /// Writes the row of a revision.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn put(&self, row: &AppliedRow) -> Result<(), StoreError> {
        let parents: Vec<_> = row.parents.iter().map(RevisionId::as_str).collect();
        let fingerprint = row.fingerprint.as_ref().map(ToString::to_string);
        let values: &[&(dyn ToSql + Sync)] = &[
            &row.id.as_str(),
            &parents,
            &row.message,
            &row.checksum.to_string(),
            &row.chain.as_str(),
            &row.state.as_str(),
            &count(row.progress.done),
            &count(row.progress.of),
            &row.progress.open,
            &stored(&row.progress.digest, row.progress.batch.as_ref()),
            &fingerprint,
            &milliseconds(row.milliseconds),
            &TOOL_VERSION,
        ];
        self.write(&self.put, values).await
    }

    /// Takes out the row of a revision.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn delete(&self, id: &RevisionId) -> Result<(), StoreError> {
        self.write(&self.delete, &[&id.as_str()]).await
    }

    /// Adds an event.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn record(&self, event: &Event) -> Result<(), StoreError> {
        let values: &[&(dyn ToSql + Sync)] = &[
            &event.action.as_str(),
            &event.revision.as_ref().map(RevisionId::as_str),
            &event.sqlstate,
            &event.detail,
            &milliseconds(event.milliseconds),
            &TOOL_VERSION,
        ];
        self.write(&self.event, values).await
    }

    async fn write(
        &self,
        statement: &Statement,
        values: &[&(dyn ToSql + Sync)],
    ) -> Result<(), StoreError> {
        match self.client.execute(statement, values).await {
            Ok(_) => Ok(()),
            Err(source) => {
                Err(StoreError::Server { doing: "write", schema: self.schema.clone(), source })
            }
        }
    }
}

/// The revisions that Alembic's own table names; None where there is no such table. It may stand
/// behind its schema.
///
/// # Errors
/// When the server refuses.
pub async fn alembic_versions(
    client: &Client,
    table: &str,
) -> Result<Option<Vec<String>>, tokio_postgres::Error> {
    // `version_table_schema` of Alembic's env.py may have put it anywhere.
    let sql = "SELECT coalesce(pg_catalog.to_regclass($1)::text, (SELECT \
               pg_catalog.min(oid::pg_catalog.regclass::text) FROM pg_catalog.pg_class \
               WHERE relname = $1 AND relkind = 'r' HAVING pg_catalog.count(*) = 1))";
    let row = client.query_typed_one(sql, &[(&table, Type::TEXT)]).await?;
    let Some(table) = row.get::<_, Option<String>>(0) else { return Ok(None) };
    let sql = format!("SELECT version_num::text FROM {table} ORDER BY 1");
    // A row that row security hides would be one that nobody has applied: this makes it an error.
    client.batch_execute("BEGIN; SET LOCAL row_security = off").await?;
    let rows = client.query_typed(&sql, &[]).await;
    client.batch_execute("ROLLBACK").await?;
    let rows = rows?;
    Ok(Some(rows.iter().map(|it| it.get(0)).collect()))
}

/// What a second session meets that creates the same things at the same moment.
fn is_creation_race(error: &tokio_postgres::Error) -> bool {
    let races = [SqlState::UNIQUE_VIOLATION, SqlState::DUPLICATE_SCHEMA, SqlState::DUPLICATE_TABLE];
    error.code().is_some_and(|it| races.contains(it))
        || error.as_db_error().is_some_and(|it| it.message().contains("tuple concurrently"))
}

/// A text as an SQL string.
fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn count(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// `interval` is multiplied by double precision only.
#[expect(clippy::cast_precision_loss, reason = "a duration of 2^53 ms is beyond us")]
fn milliseconds(number: i64) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_follow_the_schema() {
        let store = Store::new(Ident::new("O'Brien"));
        for text in [
            include_str!("queries/exists.sql"),
            include_str!("queries/create.sql"),
            include_str!("queries/read.sql"),
            include_str!("queries/put.sql"),
            include_str!("queries/delete.sql"),
            include_str!("queries/event.sql"),
            include_str!("queries/begun.sql"),
            include_str!("queries/amend.sql"),
        ] {
            let sql = store.sql(text);
            assert!(!sql.contains("aludel.") && !sql.contains("SCHEMA aludel"), "{sql}");
            assert!(!sql.contains("'aludel'"), "{sql}");
        }
        let exists = store.sql(include_str!("queries/exists.sql"));
        assert!(exists.contains("to_regclass('\"O''Brien\".revision')"), "{exists}");
    }

    #[test]
    fn tables_among_others_have_names_of_their_own() {
        let store = Store::new(Ident::public());
        let create = store.create_sql();
        assert!(create.contains("EXISTS public.aludel_revision ("), "{create}");
        assert!(store.event_sql().contains("INTO public.aludel_event "), "{create}");
        assert_eq!(store.revisions(), "public.aludel_revision");
        assert_eq!(Store::new(Ident::new("aludel")).revisions(), "aludel.revision");
    }
}
