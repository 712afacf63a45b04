//! Work of the runner on the configured database: the connection opened, signals heeded, and what
//! happens told.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio_postgres::error::DbError;

use crate::config::{Place, Transaction};
use crate::connection::{Canceller, Connection, Notices, connect, ignore_notices};
use crate::ledger::Direction;
use crate::runner::{
    Cause, Progress, RepairReport, RepairRequest, Request, RunError, RunReport, Session, Settings,
    StampReport, StampRequest, TransactionScope, record, repair, run, stamp,
};
use crate::workspace::Database;

use super::super::Context;
use super::super::failure::{Failure, chain};
use super::super::ui::Ui;
use super::diff::count;
use super::listing::titled;

/// What is cancelled is undone and noted in the ledger well before.
const CANCEL_AGAIN_AFTER: Duration = Duration::from_secs(5);

/// What the runner is to do.
#[derive(Clone, Copy)]
pub(super) enum Job<'a> {
    /// Run revisions.
    Run(Request<'a>),
    /// Only say where the database stands.
    Stamp(StampRequest<'a>),
    /// Accept files as they are.
    Repair(RepairRequest<'a>),
}

/// What it did.
pub(super) enum Done {
    /// Revisions were run.
    Run(RunReport),
    /// The ledger was written.
    Stamp(StampReport),
    /// Files were accepted.
    Repair(RepairReport),
}

/// Does it.
pub(super) async fn carry_out(context: &Context, job: Job<'_>) -> Result<Done, Failure> {
    tell_place(context);
    let (sender, mut notices) = mpsc::unbounded_channel();
    let connected = async {
        let database = context.workspace.connect(forwarded(sender)).await;
        let database = database.map_err(|it| context.workspace_failure(it))?;
        let witness = witness(context, &database).await?;
        Ok::<_, Failure>((database, witness))
    };
    let (database, mut witness) = tokio::select! {
        connected = connected => connected?,
        () = context.signals.first() => return Err(Failure::interrupted()),
    };
    let mut ended =
        run_interruptibly(context, &database, witness.as_mut(), &mut notices, job).await;
    if let Err(RunError::Failed(failure)) = &mut ended
        && !failure.recorded
    {
        if let (Cause::ConnectionLost(_), Some(reason)) =
            (&failure.cause, database.connection.lost_because())
        {
            failure.cause = Cause::ConnectionLost(reason.to_owned());
        }
        record_elsewhere(context, failure).await;
    }
    if let Some(witness) = witness {
        witness.close().await;
    }
    database.close().await;
    ended.map_err(Failure::of_run)
}

/// Notices from the server, for the runner to pass on in their order.
fn forwarded(sender: mpsc::UnboundedSender<DbError>) -> Notices {
    // Nobody listens any more when the run has ended.
    Arc::new(move |notice: &DbError| drop(sender.send(notice.clone())))
}

/// A second connection, by which a pooler shows itself; the embedded engine takes only one.
async fn witness(context: &Context, database: &Database) -> Result<Option<Connection>, Failure> {
    match &context.workspace.database().place.value {
        Place::Server(address) if !database.is_embedded() => {
            let connection = connect(address, ignore_notices()).await;
            connection.map(Some).map_err(|it| context.workspace_failure(it.into()))
        }
        _ => Ok(None),
    }
}

/// A signal ends the run in an orderly way: the running statement is cancelled and the ledger told.
async fn run_interruptibly(
    context: &Context,
    database: &Database,
    witness: Option<&mut Connection>,
    notices: &mut mpsc::UnboundedReceiver<DbError>,
    job: Job<'_>,
) -> Result<Done, RunError> {
    let (interrupt, interrupted) = watch::channel(false);
    // The embedded engine cannot be asked.
    let canceller = (!database.is_embedded()).then(|| database.connection.canceller());
    let ui = context.ui;
    let watcher = async move {
        context.signals.first().await;
        ui.note("stopping after what is running; a second signal (Ctrl-C) ends at once");
        interrupt.send_replace(true);
        if let Some(canceller) = canceller {
            cancel(ui, &canceller).await;
        }
        std::future::pending().await
    };
    let session = Session {
        client: &database.connection,
        witness: witness.map(Connection::as_witness),
        notices,
        interrupt: interrupted,
    };
    let mut observer = |progress: Progress<'_>| tell_progress(ui, &progress);
    let settings = runner_settings(context);
    let work = async {
        match job {
            Job::Run(it) => run(session, &settings, it, &mut observer).await.map(Done::Run),
            Job::Stamp(it) => stamp(session, &settings, it, &mut observer).await.map(Done::Stamp),
            Job::Repair(it) => {
                repair(session, &settings, it, &mut observer).await.map(Done::Repair)
            }
        }
    };
    tokio::select! {
        ended = work => ended,
        never = watcher => never,
    }
}

/// Cancels what is running, again and again: a request that comes between two statements is lost.
async fn cancel(ui: Ui, canceller: &Canceller) {
    loop {
        if let Err(error) = canceller.cancel().await {
            let reason = chain(&error);
            return ui.warning(&format!("the running statement could not be cancelled: {reason}"));
        }
        tokio::time::sleep(CANCEL_AGAIN_AFTER).await;
    }
}

/// How revisions are run, from the configuration.
pub(super) fn runner_settings(context: &Context) -> Settings {
    let database = context.workspace.database();
    let milliseconds = |it: Duration| format!("{}ms", it.as_millis());
    Settings {
        ledger_schema: context.workspace.ledger_namespace(),
        search_path: database.search_path.value.clone(),
        lock_timeout: milliseconds(database.lock_timeout.value),
        statement_timeout: milliseconds(database.statement_timeout.value),
        lock_retries: database.lock_retries.value,
        lock_wait: None,
        transaction: match context.workspace.settings().migrations.transaction.value {
            Transaction::PerRevision => TransactionScope::PerRevision,
            Transaction::All => TransactionScope::All,
        },
        index_build: index_build(context),
        variables: context.workspace.settings().variables.clone(),
    }
}

/// What `[index_build]` gives to the session.
fn index_build(context: &Context) -> Vec<(String, String)> {
    let settings = &context.workspace.settings().index_build;
    let memory = settings.maintenance_work_mem.as_ref().map(|it| it.value.clone());
    let workers = settings.max_parallel_maintenance_workers.as_ref().map(|it| it.to_string());
    [("maintenance_work_mem", memory), ("max_parallel_maintenance_workers", workers)]
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect()
}

/// The connection that failed cannot say so any more: another one does.
async fn record_elsewhere(context: &Context, failure: &crate::runner::Failure) {
    let Ok(database) = context.workspace.connect(ignore_notices()).await else { return };
    let recorded = record(&database.connection, &runner_settings(context), failure).await;
    if let Err(error) = recorded {
        context.ui.warning(&format!("the failure is not in the ledger: {}", chain(&error)));
    }
    database.close().await;
}

fn tell_progress(ui: Ui, progress: &Progress<'_>) {
    match progress {
        Progress::Waiting { holder } => {
            let who = holder.as_ref().map(|it| format!(": {it}")).unwrap_or_default();
            ui.note(&format!("waiting for another run{who}"));
        }
        Progress::Started { id, message, direction, resumed } => {
            let word = match direction {
                Direction::Up => "applying",
                Direction::Down => "taking back",
            };
            let from = match resumed {
                0 => String::new(),
                done => format!(
                    ", going on after {} that {} done",
                    count(*done, "part"),
                    if *done == 1 { "is" } else { "are" }
                ),
            };
            ui.note(&format!("{word} {}{from}", titled(id, message)));
        }
        Progress::Blocked { holders } => {
            for it in holders {
                ui.note(&format!("waiting for a lock that is held by {it}"));
            }
        }
        Progress::Statement { .. } | Progress::Finished(_) => {}
        Progress::Batch { path, progress, of } => {
            let of = of.map_or_else(String::new, |it| format!(" of about {it}"));
            ui.note(&format!(
                "{}:{}: {}{of} rows updated, up to {}",
                path.display(),
                progress.line,
                progress.rows,
                progress.reached()
            ));
        }
        Progress::Lagging { lag } => {
            ui.note(&format!("waiting for a replica that is {:.0} s behind", lag.as_secs_f64()))
        }
        Progress::NoLongerWaiting { lag } => ui.note(&format!(
            "a replica stays {:.0} s behind; the statement no longer waits for it",
            lag.as_secs_f64()
        )),
        Progress::Skipped { path, line, command } => {
            ui.note(&format!("{}:{line}: left out {command}, which is for psql", path.display()));
        }
        Progress::Clearing { left } => {
            let clear = left.clear.as_deref().unwrap_or_default();
            ui.note(&format!("an interrupted run left {left}: {clear}"));
        }
        Progress::LeftAlone { left } => {
            ui.note(&format!("{left} is not of this revision, and is left alone"));
        }
        Progress::Notice(said) => ui.raw(&format!("{}: {}\n", said.severity, said.message)),
        Progress::Autovacuum { autovacuum } if autovacuum.prevents_wraparound => ui.note(&format!(
            "{autovacuum} is in the way and prevents wraparound: waiting for its end"
        )),
        Progress::Autovacuum { autovacuum } => {
            ui.note(&format!("{autovacuum} is in the way: asking PostgreSQL to stop it"));
        }
        Progress::Retrying { retry, of, pause, reason, holders } => {
            for it in holders {
                ui.note(&format!("the lock is held by {it}"));
            }
            ui.note(&format!(
                "{}; trying again in {:.1} s ({retry} of {of})",
                reason.message,
                pause.as_secs_f64()
            ));
        }
    }
}

/// Says it when the database is the embedded one, which nobody named.
pub(super) fn tell_place(context: &Context) {
    if let Place::Embedded(path) = &context.workspace.database().place.value {
        context.ui.note(&format!(
            "no database is configured: using the embedded one in {}",
            path.display()
        ));
    }
}
