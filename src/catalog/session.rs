//! One read-only transaction in two round trips.
//!
//! The first starts it and asks for the version, the second sends all queries and the COMMIT at
//! once. There is no second connection, and no named prepared statement but where scratch databases are
//! read again and again, so it works through poolers and with servers that accept only one connection.

use std::collections::BTreeSet;

use futures_util::FutureExt;
use futures_util::future::{OptionFuture, join_all};
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, SimpleQueryMessage};

use super::row::{self, CatalogRow, OfQuery, Query, query};
use super::version::{OLDEST_SERVER, for_version};
use super::{CatalogError, CatalogRows, Detail, Prepared, Scope, definition};
use crate::model::ident::Ident;

/// Pins, until the transaction ends, whatever changes the text of a printed expression: names off the
/// search path are qualified, constants are written by their type's output function. JIT
/// compilation costs more than any of our queries.
const PINS: &str = "\
    SET LOCAL search_path = public; \
    SET LOCAL quote_all_identifiers = off; \
    SET LOCAL TimeZone = 'UTC'; \
    SET LOCAL DateStyle = 'ISO, MDY'; \
    SET LOCAL IntervalStyle = 'postgres'; \
    SET LOCAL extra_float_digits = 1; \
    SET LOCAL bytea_output = 'hex'; \
    SET LOCAL xmlbinary = 'base64'; \
    SET LOCAL lc_monetary = 'C'; \
    SET LOCAL jit = off; \
    SELECT set_config('client_encoding', CASE current_setting('server_encoding') \
        WHEN 'SQL_ASCII' THEN 'SQL_ASCII' ELSE 'UTF8' END, true); \
    SHOW server_version_num; ";

/// What the queries stand between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Frame {
    /// A transaction of their own.
    Transaction,
    /// A savepoint of the open transaction, rolled back afterwards with the locks and settings since.
    Savepoint,
}

impl Frame {
    fn begin(self) -> &'static str {
        match self {
            Self::Transaction => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; ",
            Self::Savepoint => "SAVEPOINT aludel_read; ",
        }
    }

    fn end(self) -> &'static str {
        match self {
            Self::Transaction => "COMMIT",
            Self::Savepoint => "ROLLBACK TO aludel_read; RELEASE aludel_read",
        }
    }

    fn abort(self) -> &'static str {
        match self {
            Self::Transaction => "ROLLBACK",
            Self::Savepoint => self.end(),
        }
    }
}

/// Dependencies are read as a whole. Of a catalog that was never analyzed, as that of a new database, the
/// planner believes that it is small, and would go through all of it for each row.
const JOIN_WHOLE: &str = "SET LOCAL enable_nestloop = off";

/// The encoding of a database that takes any byte. It is read without a conversion, which the server
/// would refuse where it holds anything but ASCII and UTF-8.
const ANY_BYTE: &str = "SQL_ASCII";

/// Asked together with the version: what need not be asked for.
const PRESENT: Query = query!("present");

/// What stands for [`SCOPE_CONDITION`] in a query file.
const SCOPE_MARK: &str = "/*scope*/";

/// Limits the alias `ns` of `pg_namespace`; the parameters are those of [`ScopeParameters`].
const SCOPE_CONDITION: &str =
    "AND ns.nspname IS DISTINCT FROM $1 AND ($2::text[] IS NULL OR ns.nspname = ANY ($2))";

/// An open read-only transaction. When dropped before its end it is rolled back.
pub(super) struct ReadSession<'a> {
    client: &'a Client,
    prepared: Option<&'a Prepared>,
    frame: Frame,
    server_version: u32,
    /// What [`PRESENT`] found.
    present: BTreeSet<String>,
    takes_any_byte: bool,
    open: bool,
}

impl<'a> ReadSession<'a> {
    /// Opens the transaction. The connection is borrowed mutably, so nobody else speaks on it.
    pub(super) async fn begin(client: &'a mut Client, frame: Frame) -> Result<Self, CatalogError> {
        let mut session = Self {
            client,
            prepared: None,
            frame,
            server_version: 0,
            present: BTreeSet::new(),
            takes_any_byte: false,
            open: true,
        };
        let opening = format!("{}{PINS}{}", frame.begin(), PRESENT.sql);
        let answer = session.client.simple_query(&opening).await;
        let answer = answer.map_err(CatalogError::Transaction)?;
        let mut rows = answer.iter().filter_map(|it| match it {
            SimpleQueryMessage::Row(row) => row.get(0),
            _ => None,
        });
        session.takes_any_byte = rows.next() == Some(ANY_BYTE);
        session.server_version = read_version(rows.next().unwrap_or_default())?;
        session.present = rows.map(str::to_owned).collect();
        Ok(session)
    }

    /// The same, with queries that are prepared.
    pub(super) fn with(self, prepared: &'a Prepared) -> Self {
        let mut session = self;
        session.prepared = Some(prepared);
        session
    }

    /// `server_version_num`.
    pub(super) fn server_version(&self) -> u32 {
        self.server_version
    }

    /// Whether some of the text may be none.
    pub(super) fn takes_any_byte(&self) -> bool {
        self.takes_any_byte
    }

    /// Sends every query, then COMMIT, and takes the answers as they come. `biased` keeps the
    /// order of sending: COMMIT must be last.
    pub(super) async fn read(
        mut self,
        scope: &Scope,
        detail: Detail,
    ) -> Result<CatalogRows, CatalogError> {
        let parameters = ScopeParameters::new(scope);
        let this = &self;
        let parameters = &parameters;
        let definitions = definition::QUERIES.iter().filter(|it| this.finds_anything(it));
        let definitions = definitions.map(|it| this.read_query(*it, parameters));
        let dependencies = detail.dependencies.then(|| this.query(parameters));
        let volatile = detail.dependencies.then(|| this.query(parameters));
        let bounds = detail.dependencies.then(|| this.query(parameters));
        let privileges = detail.privileges.then(|| this.query(parameters));
        let default_privileges = detail.privileges.then(|| this.query(parameters));
        let answers = tokio::join!(
            biased;
            this.query(parameters),
            this.query(parameters),
            this.query(parameters),
            this.query(parameters),
            this.query(parameters),
            this.query(parameters),
            this.query(parameters),
            this.query(parameters),
            this.query(parameters),
            this.query(parameters),
            this.query(parameters),
            this.query(parameters),
            this.query(parameters),
            this.query(parameters),
            this.query(parameters),
            this.query(parameters),
            OptionFuture::from(privileges),
            OptionFuture::from(default_privileges),
            join_all(definitions),
            OptionFuture::from(volatile),
            OptionFuture::from(bounds),
            this.query(parameters),
            this.query(parameters),
            this.client.batch_execute(JOIN_WHOLE),
            OptionFuture::from(dependencies),
            this.client.batch_execute(this.frame.end()),
        );
        // The first refusal is the cause; those after it only say that the transaction is over.
        let rows = CatalogRows {
            namespaces: answers.0?,
            extensions: answers.1?,
            enums: answers.2?,
            sequences: answers.3?,
            tables: answers.4?,
            columns: answers.5?,
            constraints: answers.6?,
            indexes: answers.7?,
            parameters: answers.8?,
            operator_classes: answers.9?,
            collations: answers.10?,
            comments: answers.11?,
            domains: answers.12?,
            casts: answers.13?,
            user_domains: answers.14?,
            composites: answers.15?,
            privileges: answers.16.transpose()?.unwrap_or_default(),
            default_privileges: answers.17.transpose()?.unwrap_or_default(),
            definitions: answers.18.into_iter().collect::<Result<Vec<_>, _>>()?.concat(),
            volatile: answers.19.transpose()?,
            bounds: answers.20.transpose()?,
            unmanaged: answers.21?,
            ownership: answers.22?,
            dependencies: answers.24.transpose()?,
        };
        answers.25.map_err(CatalogError::Transaction)?;
        self.open = false;
        Ok(rows)
    }

    /// Whether a query for what is known by its definition would find anything.
    fn finds_anything(&self, query: &Query) -> bool {
        self.present.contains(query.name)
    }

    async fn query<R: OfQuery>(
        &self,
        parameters: &ScopeParameters,
    ) -> Result<Vec<R>, CatalogError> {
        self.read_query(R::QUERY, parameters).await
    }

    async fn read_query<R: CatalogRow>(
        &self,
        query: Query,
        parameters: &ScopeParameters,
    ) -> Result<Vec<R>, CatalogError> {
        let sql = for_version(query.sql, self.server_version / 10_000);
        let (sql, parameters) = if sql.contains(SCOPE_MARK) {
            (sql.replace(SCOPE_MARK, SCOPE_CONDITION), parameters.typed())
        } else {
            (sql, Vec::new())
        };
        let rows = match self.prepared.and_then(|it| it.statement(&sql, &parameters)) {
            Some(statement) => {
                let values = parameters.iter().map(|it| it.0);
                self.client.query(&statement, &values.collect::<Vec<_>>()).await
            }
            None => self.client.query_typed(&sql, &parameters).await,
        };
        let rows = rows.map_err(|source| CatalogError::Query { query: query.name, source })?;
        row::read_all(query.name, &rows)
    }
}

impl Drop for ReadSession<'_> {
    fn drop(&mut self) {
        if self.open {
            // One poll puts the message on its way; the connection throws the answer away.
            let _ = self.client.batch_execute(self.frame.abort()).now_or_never();
        }
    }
}

/// The scope as query parameters.
struct ScopeParameters {
    /// None where the ledger shares its namespace with others.
    ledger: Option<String>,
    namespaces: Option<Vec<String>>,
}

impl ScopeParameters {
    fn new(scope: &Scope) -> Self {
        let text = |it: &Ident| it.as_str().to_owned();
        Self {
            ledger: scope.own_namespace().map(text),
            namespaces: scope.namespaces.as_ref().map(|it| it.iter().map(text).collect()),
        }
    }

    fn typed(&self) -> Vec<(&(dyn ToSql + Sync), Type)> {
        vec![(&self.ledger, Type::TEXT), (&self.namespaces, Type::TEXT_ARRAY)]
    }
}

/// The version in the answer to [`PINS`].
fn read_version(found: &str) -> Result<u32, CatalogError> {
    match found.parse() {
        Ok(version) if version >= OLDEST_SERVER * 10_000 => Ok(version),
        _ => Err(CatalogError::UnsupportedServer { found: found.to_owned() }),
    }
}
