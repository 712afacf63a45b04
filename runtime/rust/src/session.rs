//! Sessions: statements are prepared once, and prepared again when a migration made them stale.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::{Duration, Instant};

use deadpool_postgres::{Client, GenericClient, StatementCache, Transaction};
use futures_util::TryStreamExt as _;
use futures_util::future::{self, Either, OptionFuture};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Row, RowStream, Statement};

use super::errors::{Error, Result};

/// What runs statements: a pooled connection, a transaction on one, or either of them with settings
/// or a watcher.
pub trait Session: Send + Sync {
    /// What sends the statements.
    type Client: GenericClient + Send;
    /// What begins a scope for the settings of a search.
    const OPEN: &'static str;
    /// What ends it.
    const CLOSE: &'static str;
    /// What begins a scope for the settings of the session; empty in a transaction.
    const BEGIN: &'static str;
    /// What ends it.
    const COMMIT: &'static str;
    /// Whether the session can be used after a failed statement.
    const RETRY: bool;
    /// What sends the statements.
    fn client(&self) -> &Self::Client;
    /// What sends the statements.
    fn client_mut(&mut self) -> &mut Self::Client;
    /// Its prepared statements.
    fn statements(&self) -> &StatementCache;
    /// The settings of every statement.
    fn local(&self) -> Option<&Local> {
        None
    }
    /// What is called after every statement.
    fn watcher(&self) -> Option<&Watcher> {
        None
    }
}

/// Settings that are sent together with every statement.
#[derive(Debug)]
pub struct Local {
    /// What sets them until the end of the transaction.
    pub(super) sql: String,
    /// Locked while messages are sent that belong together.
    pub(super) sending: Mutex<()>,
}

/// A statement that was executed.
#[derive(Debug)]
pub struct Executed<'a> {
    /// Its text, without the values of its parameters.
    pub sql: &'a str,
    /// How long it took.
    pub elapsed: Duration,
    /// How many rows it returned or affected.
    pub result: Result<u64, &'a Error>,
}

/// What is called after every statement.
pub type Watcher = Arc<dyn Fn(&Executed<'_>) + Send + Sync>;

impl Session for Client {
    type Client = Self;
    const OPEN: &'static str = "BEGIN READ ONLY;";
    const CLOSE: &'static str = "ROLLBACK";
    const BEGIN: &'static str = "BEGIN;";
    const COMMIT: &'static str = "COMMIT";
    const RETRY: bool = true;
    fn client(&self) -> &Self {
        self
    }
    fn client_mut(&mut self) -> &mut Self {
        self
    }
    fn statements(&self) -> &StatementCache {
        &self.statement_cache
    }
}

impl Session for Transaction<'_> {
    type Client = Self;
    const OPEN: &'static str = "SAVEPOINT search;";
    const CLOSE: &'static str = "ROLLBACK TO search; RELEASE search";
    const BEGIN: &'static str = "";
    const COMMIT: &'static str = "";
    const RETRY: bool = false;
    fn client(&self) -> &Self {
        self
    }
    fn client_mut(&mut self) -> &mut Self {
        self
    }
    fn statements(&self) -> &StatementCache {
        &self.statement_cache
    }
}

/// A session around another one, which does all that is not said here.
pub trait Around: Send + Sync {
    /// The session inside.
    type Inner: Session;
    /// The session inside.
    fn inner(&self) -> &Self::Inner;
    /// The session inside.
    fn inner_mut(&mut self) -> &mut Self::Inner;
    /// The settings of every statement.
    fn outer_local(&self) -> Option<&Local> {
        self.inner().local()
    }
    /// What is called after every statement.
    fn outer_watcher(&self) -> Option<&Watcher> {
        self.inner().watcher()
    }
}

impl<A: Around> Session for A {
    type Client = <A::Inner as Session>::Client;
    const OPEN: &'static str = <A::Inner as Session>::OPEN;
    const CLOSE: &'static str = <A::Inner as Session>::CLOSE;
    const BEGIN: &'static str = <A::Inner as Session>::BEGIN;
    const COMMIT: &'static str = <A::Inner as Session>::COMMIT;
    const RETRY: bool = <A::Inner as Session>::RETRY;
    fn client(&self) -> &Self::Client {
        self.inner().client()
    }
    fn client_mut(&mut self) -> &mut Self::Client {
        self.inner_mut().client_mut()
    }
    fn statements(&self) -> &StatementCache {
        self.inner().statements()
    }
    fn local(&self) -> Option<&Local> {
        self.outer_local()
    }
    fn watcher(&self) -> Option<&Watcher> {
        self.outer_watcher()
    }
}

impl<C: Session> Around for &mut C {
    type Inner = C;
    fn inner(&self) -> &C {
        self
    }
    fn inner_mut(&mut self) -> &mut C {
        self
    }
}

/// Begins a transaction that has the settings of the session.
pub async fn begin<C: Session>(client: &mut C) -> Result<Transaction<'_>> {
    let settings = client.local().map(|it| it.sql.clone());
    let tx = client.client_mut().transaction().await?;
    if let Some(settings) = settings {
        tx.batch_execute(&settings).await?;
    }
    Ok(tx)
}

/// How many prepared statements a session keeps. Before it prepares more, it forgets all of them.
const MOST_STATEMENTS: usize = 500;

pub(super) async fn prepared<C: Session>(client: &C, sql: &str) -> Result<Statement> {
    if client.statements().size() >= MOST_STATEMENTS {
        client.statements().clear();
    }
    Ok(client.client().prepare_cached(sql).await?)
}

/// Runs a statement, which is prepared once. One that a migration made stale is prepared again and,
/// outside of transactions, run again.
pub async fn query<C: Session>(
    client: &C,
    sql: &str,
    params: &[&(dyn ToSql + Sync)],
) -> Result<Vec<Row>> {
    Ok(run(client, sql, params).await?.0)
}

/// The only row of a statement that always returns one.
pub async fn one<C: Session, R>(
    client: &C,
    sql: &str,
    params: &[&(dyn ToSql + Sync)],
    read: impl Fn(&Row) -> Result<R>,
) -> Result<R> {
    match query(client, sql, params).await?.first() {
        Some(row) => read(row),
        None => Err(Error::NoRow),
    }
}

/// As [`query`], but returns how many rows were affected.
pub async fn execute<C: Session>(
    client: &C,
    sql: &str,
    params: &[&(dyn ToSql + Sync)],
) -> Result<u64> {
    Ok(run(client, sql, params).await?.1)
}

/// The rows of a statement, and how many were affected.
type Ran = (Vec<Row>, u64);

async fn run<C: Session>(client: &C, sql: &str, params: &[&(dyn ToSql + Sync)]) -> Result<Ran> {
    let done = again(client, sql, params);
    reported(client.watcher(), sql, |it| it.1, done).await
}

/// Waits for a statement, and tells the watcher of the session about it.
pub(super) async fn reported<R>(
    watcher: Option<&Watcher>,
    sql: &str,
    rows: impl FnOnce(&R) -> u64,
    statement: impl Future<Output = Result<R>>,
) -> Result<R> {
    let Some(watcher) = watcher else {
        return statement.await;
    };
    let start = Instant::now();
    let done = statement.await;
    watcher(&Executed {
        sql,
        elapsed: start.elapsed(),
        result: done.as_ref().map(rows),
    });
    done
}

async fn again<C: Session>(client: &C, sql: &str, params: &[&(dyn ToSql + Sync)]) -> Result<Ran> {
    let statement = prepared(client, sql).await?;
    match sent(client, &statement, params).await {
        Err(Error::Postgres(e)) if stale(&e) => {
            client.statements().remove(sql, &[]);
            if !C::RETRY {
                return Err(e.into());
            }
            let statement = prepared(client, sql).await?;
            sent(client, &statement, params).await
        }
        other => other,
    }
}

/// Sends a statement, and the settings of the session at once with it.
async fn sent<C: Session>(
    client: &C,
    statement: &Statement,
    params: &[&(dyn ToSql + Sync)],
) -> Result<Ran> {
    let Some(local) = client.local() else {
        return Ok(rows(client, statement, params).await?);
    };
    let open = format!("{} {}", C::BEGIN, local.sql);
    let close = (!C::COMMIT.is_empty()).then(|| client.client().batch_execute(C::COMMIT));
    let all = future::join3(
        client.client().batch_execute(&open),
        rows(client, statement, params),
        OptionFuture::from(close),
    );
    let (opened, ran, closed) = together(Some(local), all).await;
    opened?;
    let ran = ran?;
    closed.transpose()?;
    Ok(ran)
}

/// As [`query`], but returns the rows as they come.
pub(super) async fn streamed<C: Session>(
    client: &C,
    sql: &str,
    params: &[&(dyn ToSql + Sync)],
) -> Result<RowStream> {
    let begun = async {
        let statement = prepared(client, sql).await?;
        match begun(client, &statement, params).await {
            Err(e) if stale(&e) && C::RETRY => {
                client.statements().remove(sql, &[]);
                let statement = prepared(client, sql).await?;
                Ok(begun(client, &statement, params).await?)
            }
            other => Ok(other?),
        }
    };
    reported(client.watcher(), sql, |_| 0, begun).await
}

/// The rows come before the answer to COMMIT, so nobody waits for that.
async fn begun<C: Session>(
    client: &C,
    statement: &Statement,
    params: &[&(dyn ToSql + Sync)],
) -> Result<RowStream, tokio_postgres::Error> {
    let params = params.iter().copied();
    let rows = client.client().query_raw(statement, params);
    let Some(local) = client.local() else {
        return rows.await;
    };
    let open = format!("{} {}", C::BEGIN, local.sql);
    let both = pin!(future::join(client.client().batch_execute(&open), rows));
    let close = pin!(client.client().batch_execute(C::COMMIT));
    let (opened, rows) = match together(Some(local), future::select(both, close)).await {
        Either::Left((done, _)) => done,
        Either::Right((_, both)) => both.await,
    };
    opened?;
    rows
}

async fn rows<C: Session>(
    client: &C,
    statement: &Statement,
    params: &[&(dyn ToSql + Sync)],
) -> Result<Ran, tokio_postgres::Error> {
    let params = params.iter().copied();
    let mut stream = pin!(client.client().query_raw(statement, params).await?);
    let rows = stream.as_mut().try_collect().await?;
    Ok((rows, stream.rows_affected().unwrap_or_default()))
}

/// Waits for messages that are sent when they are first polled, and of which no other user of the
/// session sends any in between.
pub(super) async fn together<F: Future>(local: Option<&Local>, all: F) -> F::Output {
    let mut all = pin!(all);
    let first = poll_fn(|context| {
        let _sending = local.map(|it| it.sending.lock());
        Poll::Ready(all.as_mut().poll(context))
    });
    match first.await {
        Poll::Ready(done) => done,
        Poll::Pending => all.await,
    }
}

/// Whether a prepared statement is stale: its table has changed (0A000 from the plan cache), a type
/// was replaced (XX000 when it is looked up), or the server does not have it any more (26000).
pub(super) fn stale(e: &tokio_postgres::Error) -> bool {
    e.as_db_error().is_some_and(|d| match d.code().code() {
        "26000" => true,
        "0A000" => d.routine() == Some("RevalidateCachedQuery"),
        "XX000" => d.message().starts_with("cache lookup failed for type"),
        _ => false,
    })
}
