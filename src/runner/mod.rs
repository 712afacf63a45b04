//! The runner: brings a database to a target, one revision after the other. The ledger records the
//! progress, so that an interrupted run can be resumed.
//!
//! In: a session, a graph and a target. Out: a report or one typed error; an observer receives the
//! progress. Decisions (segments, where to continue, whether to retry) are pure functions, and
//! those about invalid indexes are queries that the script of `--sql` also uses; this module runs
//! them.
//!
//! A user who stops a run sets the session's `interrupt` and cancels the running query with the
//! cancel token of the client. The run then ends as a failure that is recorded in the ledger. If
//! the future is dropped instead, its session stays in the middle of a statement: close that
//! connection.

mod apply;
mod autovacuum;
mod batch_error;
mod batched;
mod block;
mod consent;
mod cut;
mod failure;
mod holder;
mod lock;
mod offline;
mod pace;
mod repair;
mod retry;
mod script;
mod segment;
mod session;
mod session_parts;
mod stamp;
mod statement;
mod stop;
mod unfinished;

use std::path::Path;
use std::time::Duration;

use serde::{Serialize, Serializer};
use thiserror::Error;
use tokio::sync::{mpsc, watch};
use tokio_postgres::Client;
use tokio_postgres::error::DbError;

use crate::connection::Witness;
use crate::ledger::{self, BatchProgress, Direction, Mismatch, PendingError, pending, verify};
use crate::ledger_tables::{Event, EventAction, Store, StoreError};
use crate::model::ident::Ident;
use crate::model::search_path::SearchPath;
use crate::report::plain::{secrets, without_secrets};
use crate::revision::Revision;
use crate::revision::consent::Consent;
use crate::revision::graph::Graph;
use crate::revision::id::RevisionId;
use crate::revision::target::Target;
use crate::revision::variables::Variables;

pub use batch_error::BatchError;
pub use block::BlockError;
pub use consent::{LiveLoss, Unconsented, is_rowless};
pub use failure::{Cause, FailurePlace, Left, RunFailure, ServerMessage};
pub use holder::{Autovacuum, Holder};
pub use offline::offline;
pub use repair::{RepairReport, RepairRequest, repair};
pub use script::{ScriptError, ScriptErrorKind, statements};
pub use segment::{Segment, SegmentKind, TransactionScope, segments};
pub(crate) use session_parts::SessionParts;
pub use stamp::{StampReport, StampRequest, stamp};
pub use unfinished::{Leftover, Unfinished, unfinished};

use autovacuum::{Asked, Waits};
use script::Script;
use session::Prepared;

/// A connection to run revisions over.
pub struct Session<'a> {
    /// The client. Nobody else sends over it during the run.
    pub client: &'a Client,
    /// Another connection by the same URL, by which a pooler shows itself, and which is asked who is
    /// blocking a statement. None if the server accepts only one, like the embedded engine.
    pub witness: Option<Witness<'a>>,
    /// The notices that the connection receives.
    pub notices: &'a mut mpsc::UnboundedReceiver<DbError>,
    /// Becomes true when the user wants the run to end.
    pub interrupt: watch::Receiver<bool>,
}

/// How revisions are run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunSettings {
    /// Where the ledger lives.
    pub ledger_schema: Ident,
    /// Where names are looked for that a revision writes without a schema.
    pub search_path: SearchPath,
    /// How long a statement may wait for a lock, as PostgreSQL reads it. Longer than the server's
    /// `deadlock_timeout`, it may end transactions of others.
    pub lock_timeout: String,
    /// How long a statement may take, as PostgreSQL reads it.
    pub statement_timeout: String,
    /// How often a revision is tried again after it waited too long for a lock.
    pub lock_retries: u32,
    /// How long to wait for another runner; None for no limit.
    pub lock_wait: Option<Duration>,
    /// Which revisions share a transaction.
    pub transaction: TransactionScope,
    /// What index builds are given, as settings of the session: `maintenance_work_mem`, …
    pub index_build: Vec<(String, String)>,
    /// What the variables of revisions stand for.
    pub variables: Variables,
    /// Which data may be lost beyond what the headers of revisions allow, and what was measured of it.
    pub consent: Consent,
}

impl Default for RunSettings {
    fn default() -> Self {
        Self {
            ledger_schema: Ident::new("aludel"),
            search_path: SearchPath::default(),
            lock_timeout: "200ms".to_owned(),
            statement_timeout: "0".to_owned(),
            lock_retries: 30,
            lock_wait: None,
            transaction: TransactionScope::PerRevision,
            index_build: Vec::new(),
            variables: Variables::new(),
            consent: Consent::default(),
        }
    }
}

/// The job. The steps follow from the ledger, which is read once the lock is held.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The revisions.
    pub graph: &'a Graph,
    /// Up or down.
    pub direction: Direction,
    /// How far; each of them is reached.
    pub targets: &'a [Target],
    /// Whether contract revisions, and what builds on them, are left for later.
    pub until_contract: bool,
}

/// What was done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RunReport {
    /// The revisions in the order in which they were run; empty when there was nothing to do.
    pub finished: Vec<Finished>,
    /// What was left for later, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub left: Vec<PendingRevision>,
}

/// A revision that is still to be applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PendingRevision {
    /// The revision.
    pub id: RevisionId,
    /// Its message.
    pub message: String,
}

impl PendingRevision {
    /// A revision as one that is pending.
    #[must_use]
    pub fn of(revision: &Revision) -> Self {
        Self { id: revision.id().clone(), message: revision.header.message.clone() }
    }
}

/// A revision that came to its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finished {
    /// The revision.
    pub id: RevisionId,
    /// Its message.
    pub message: String,
    /// Up or down; `upgrade` or `downgrade` in JSON.
    #[serde(serialize_with = "as_command")]
    pub direction: Direction,
    /// How long it took; in milliseconds in JSON.
    #[serde(rename = "milliseconds", serialize_with = "as_milliseconds")]
    pub duration: Duration,
}

fn as_command<S: Serializer>(direction: &Direction, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(direction.command())
}

fn as_milliseconds<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u128(duration.as_millis())
}

/// Why a run ended before its target.
#[derive(Debug, Error)]
pub enum RunError {
    /// The ledger and the files disagree.
    #[error("the revisions of the database differ from the files: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Mismatch(Vec<Mismatch>),
    /// There is no way to the target.
    #[error(transparent)]
    Pending(#[from] PendingError),
    /// Files that cannot be run.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Script(Vec<ScriptError>),
    /// Another run was active for longer than the timeout.
    #[error("another run of aludel is active: {}", holder.as_ref().map_or_else(|| "it has just \
                                                                                   ended".to_owned(), ToString::to_string))]
    Locked {
        /// Who it is.
        holder: Option<Holder>,
    },
    /// The lock is held, and nobody runs.
    #[error(
        "the advisory lock of aludel is held by a session that runs no aludel command: {holder}"
    )]
    LockLeft {
        /// Which session.
        holder: Holder,
    },
    /// The backend changes between transactions.
    #[error(
        "the connection goes through a pooler in transaction mode: connect to the server directly, \
         or to a pool in session mode"
    )]
    Pooler,
    /// A revision released all advisory locks, or discarded the session.
    #[error(
        "the session has lost the advisory lock of aludel: a revision must not call \
         pg_advisory_unlock_all or DISCARD ALL"
    )]
    LockLost,
    /// It would lose data without consent; nothing was run.
    #[error(transparent)]
    Unconsented(#[from] Unconsented),
    /// The user stopped it before the first revision.
    #[error("interrupted")]
    Interrupted,
    /// The ledger could not be read or written.
    #[error(transparent)]
    Ledger(#[from] StoreError),
    /// The server refused something other than a revision's statement.
    #[error("the server reported an error")]
    Server(#[source] tokio_postgres::Error),
    /// A revision failed.
    #[error(transparent)]
    Failed(Box<RunFailure>),
}

/// What happens during a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress<'a> {
    /// Another runner has the lock.
    Waiting {
        /// Who it is, where the server tells.
        holder: Option<Holder>,
    },
    /// The running statement waits for locks of others.
    Blocked {
        /// Who they are.
        holders: Vec<Holder>,
    },
    /// A revision begins.
    Started {
        /// The revision.
        id: &'a RevisionId,
        /// Its message.
        message: &'a str,
        /// Up or down.
        direction: Direction,
        /// How many of its segments an earlier run has done.
        resumed: usize,
    },
    /// A statement was run.
    Statement {
        /// Its line in the file.
        line: usize,
        /// Its text.
        text: &'a str,
        /// How long it took.
        duration: Duration,
    },
    /// Batches of an UPDATE are done and committed. This is told now and then, and at its end.
    Batch {
        /// The file.
        path: &'a Path,
        /// How far it is.
        progress: &'a BatchProgress,
        /// About how many rows the table has, where the server knows.
        of: Option<u64>,
    },
    /// The next batch waits for a replica.
    Lagging {
        /// How far it is behind.
        lag: Duration,
    },
    /// A replica has not caught up for so long that the rest of the statement no longer waits for it.
    NoLongerWaiting {
        /// How far it is behind.
        lag: Duration,
    },
    /// A line for psql is left out.
    Skipped {
        /// The file.
        path: &'a Path,
        /// The line, counted from one.
        line: usize,
        /// The command.
        command: &'a str,
    },
    /// What an interrupted statement left is cleared away or finished.
    Clearing {
        /// What it is.
        left: &'a Leftover,
    },
    /// Something is half-done that was so before, and is left alone.
    LeftAlone {
        /// What it is.
        left: &'a Leftover,
    },
    /// The server says something.
    Notice(ServerMessage),
    /// A lock was not to be had; everything since the last commit is tried again.
    Retrying {
        /// The number of the retry, counted from one.
        retry: u32,
        /// How many there may be.
        of: u32,
        /// The pause before.
        pause: Duration,
        /// What the server said.
        reason: ServerMessage,
        /// Who had the lock, where that was found out.
        holders: Vec<Holder>,
    },
    /// Autovacuum had the lock: everything since the last commit is tried again, after PostgreSQL was asked
    /// to stop it.
    Autovacuum {
        /// Of which table.
        autovacuum: &'a Autovacuum,
    },
    /// A revision has come to its end, and this is committed.
    Finished(&'a Finished),
}

/// Is told what happens during a run.
pub trait Observer {
    /// Something happened.
    fn observe(&mut self, progress: Progress<'_>);
}

impl<F: FnMut(Progress<'_>)> Observer for F {
    fn observe(&mut self, progress: Progress<'_>) {
        self(progress);
    }
}

/// Brings a database to a target.
///
/// # Errors
/// When the files and the ledger disagree, when there is no way to the target, or when a revision
/// fails; what that leaves in the database is in the error and in the ledger.
pub async fn run(
    session: Session<'_>,
    settings: &RunSettings,
    request: Request<'_>,
    observer: &mut dyn Observer,
) -> Result<RunReport, RunError> {
    let client = session.client;
    let mut runner = Runner::new(session, settings, observer).await?;
    runner.acquire().await?;
    let mut done = runner.work(request).await;
    if let Err(RunError::Failed(failure)) = &mut done {
        failure.recorded = record(client, settings, failure).await.is_ok();
    }
    lock::release(client, runner.lock).await;
    done
}

/// Adds a failure to the events of the ledger.
///
/// # Errors
/// When the server refuses.
pub async fn record(
    client: &Client,
    settings: &RunSettings,
    failure: &RunFailure,
) -> Result<(), StoreError> {
    let detail = format!("{}: {failure}", failure.direction.command());
    let event = Event {
        action: EventAction::Failure,
        revision: Some(failure.id.clone()),
        sqlstate: failure.sqlstate().map(str::to_owned),
        detail: Some(without_secrets(&detail, &secrets(&settings.variables))),
        milliseconds: i64::try_from(failure.duration.as_millis()).unwrap_or(i64::MAX),
    };
    let store = Store::new(settings.ledger_schema.clone());
    store.writer(client).await?.record(&event).await
}

/// A run in progress.
struct Runner<'a> {
    client: &'a Client,
    notices: &'a mut mpsc::UnboundedReceiver<DbError>,
    interrupt: watch::Receiver<bool>,
    settings: &'a RunSettings,
    observer: &'a mut dyn Observer,
    store: Store,
    /// None before the tables of the ledger are known to be there.
    prepared: Option<Prepared<'a>>,
    /// The key of the advisory lock.
    lock: i64,
    /// The backend that holds it.
    pid: i32,
    /// The connection that finds blocking sessions.
    witness: Option<&'a Client>,
    /// The sessions that blocked the last statement.
    blockers: Vec<Holder>,
    /// The backends already reported as blocking the running statement.
    blockers_told: Option<Vec<i32>>,
    /// The autovacuum that blocks the current attempt.
    asked: Asked,
    /// How long locks are waited for.
    waits: Waits,
    /// Whether nothing was run, since the lock was last seen, that could have released it.
    is_lock_certain: bool,
    /// Whether the next statement is the first of a transaction that is not begun yet.
    is_begin_due: bool,
    /// The statements that pin the session's settings.
    pins: String,
}

impl<'a> Runner<'a> {
    async fn new(
        session: Session<'a>,
        settings: &'a RunSettings,
        observer: &'a mut dyn Observer,
    ) -> Result<Self, RunError> {
        let Session { client, mut witness, notices, interrupt } = session;
        let pid = session::probe(client, witness.as_mut()).await?;
        let lasting = match &witness {
            Some(it) => tokio::join!(session::lasting(client), session::lasting(it.client)).0,
            // In this process there is no connection that could be lost.
            None => Vec::new(),
        };
        let found = session::found(client).await?;
        let runner = Self {
            client,
            notices,
            interrupt,
            settings,
            observer,
            store: Store::new(settings.ledger_schema.clone()),
            prepared: None,
            lock: lock::key(&settings.ledger_schema),
            pid,
            witness: witness.map(|it| it.client),
            blockers: Vec::new(),
            blockers_told: None,
            asked: Asked::default(),
            waits: session::waits(settings, &found),
            is_lock_certain: false,
            is_begin_due: false,
            pins: session::pins(settings, &found, &lasting),
        };
        runner.pin().await?;
        Ok(runner)
    }

    /// What follows once the lock is held.
    async fn work(&mut self, request: Request<'_>) -> Result<RunReport, RunError> {
        let Request { graph, direction, targets, until_contract } = request;
        let applied = self.store.read(self.client).await?;
        let mismatches = verify(graph, &applied);
        if !mismatches.is_empty() {
            return Err(RunError::Mismatch(mismatches));
        }
        self.renew_checksums(graph, &applied).await;
        let applied = self.carry_over(graph, applied).await?;
        let mut steps = pending(graph, &applied, direction, targets)?;
        let mut left = Vec::new();
        if until_contract {
            let later;
            (steps, later) = ledger::until_contract(steps)?;
            left.extend(later.iter().map(|it| PendingRevision::of(&it.revision)));
        }
        let is_first = applied.iter().next().is_none();
        consent::check(self.client, &steps, graph, self.settings, is_first).await?;
        let scripts = script::prepare(steps, &self.settings.variables).map_err(RunError::Script)?;
        if scripts.is_empty() {
            return Ok(RunReport { left, ..RunReport::default() });
        }
        self.prepare().await?;
        Ok(RunReport { left, ..self.apply(&scripts).await? })
    }

    /// Sets up the ledger, and prepares what is asked and written again and again.
    async fn prepare(&mut self) -> Result<(), RunError> {
        self.store.check_privileges(self.client).await?;
        self.store.create(self.client).await?;
        self.prepared = Some(Prepared::new(self.client, &self.store).await?);
        Ok(())
    }

    fn prepared(&self) -> &Prepared<'a> {
        self.prepared.as_ref().expect("nothing is begun before it is prepared")
    }

    /// Pins the session's settings.
    async fn pin(&self) -> Result<(), RunError> {
        self.client.batch_execute(&self.pins).await.map_err(RunError::Server)
    }

    fn tell(&mut self, progress: Progress<'_>) {
        self.observer.observe(progress);
    }

    fn is_interrupted(&self) -> bool {
        *self.interrupt.borrow()
    }

    /// Waits, unless the user does not want to.
    async fn sleep(&mut self, pause: Duration) -> Result<(), RunError> {
        let interrupted = async {
            if self.interrupt.wait_for(|it| *it).await.is_err() {
                // Nobody is left who could interrupt.
                std::future::pending::<()>().await;
            }
        };
        tokio::select! {
            () = tokio::time::sleep(pause) => Ok(()),
            () = interrupted => Err(RunError::Interrupted),
        }
    }
}
