//! Jobs of the runner on the configured database: opens the connection, stops when asked to, and reports the
//! progress.

use std::time::Duration;

use tokio::sync::watch;

use crate::config::{DatabasePlace, Transaction};
use crate::connection::{Canceller, ignore_notices};
use crate::ledger::Direction;
use crate::revision::consent::Consent;
use crate::runner::{
    Cause, Observer, Progress, RepairReport, RepairRequest, Request, RunError, RunReport,
    RunSettings, Session, SessionParts, StampReport, StampRequest, TransactionScope, record,
    repair, run, stamp,
};
use crate::workspace::Database;

use super::Project;
use super::consent::DataLoss;
use super::failure::{Failure, chain};
use super::host::Message;
use super::targets::parsed;

/// What is cancelled is undone and noted in the ledger well before.
const CANCEL_AGAIN_AFTER: Duration = Duration::from_secs(5);

impl Project {
    /// Applies revisions up to targets, or reverts them down to targets, on the configured database. Another
    /// run is waited for. What revisions lose of which nothing says so is measured on a scratch database first.
    ///
    /// # Errors
    /// What the runner says; what a failed revision leaves is in the error and in the ledger. Data that would be
    /// lost without consent.
    pub async fn migrate(
        &self,
        request: Request<'_>,
        data_loss: DataLoss,
    ) -> Result<RunReport, Failure> {
        self.tell_place();
        let mut consent = data_loss.consent();
        loop {
            let given = consent.clone();
            let work =
                async |session: Session<'_>, settings: &RunSettings, told: &mut dyn Observer| {
                    let settings = RunSettings { consent: given, ..settings.clone() };
                    match run(session, &settings, request, told).await {
                        Err(RunError::Unconsented(refused)) => Ok(Err(refused)),
                        ended => ended.map(Ok),
                    }
                };
            match Box::pin(carry_out(self, work)).await? {
                Ok(report) => return Ok(report),
                Err(refused) => {
                    let again = self.consent_after(request.graph, &refused, data_loss, consent);
                    consent = Box::pin(again).await?;
                }
            }
        }
    }

    /// As [`Project::migrate`], upward, with targets as they are typed: `head`, `+1`, an id.
    ///
    /// # Errors
    /// As [`Project::migrate`], and what is no target.
    pub async fn upgrade(&self, targets: &[&str]) -> Result<RunReport, Failure> {
        self.migrate_to(Direction::Up, targets).await
    }

    /// As [`Project::migrate`], downward, with targets as they are typed: `base`, `-1`, an id.
    ///
    /// # Errors
    /// As [`Project::migrate`], and what is no target.
    pub async fn downgrade(&self, targets: &[&str]) -> Result<RunReport, Failure> {
        self.migrate_to(Direction::Down, targets).await
    }

    async fn migrate_to(
        &self,
        direction: Direction,
        targets: &[&str],
    ) -> Result<RunReport, Failure> {
        let targets = parsed(targets)?;
        let graph = self.workspace.graph()?;
        let request =
            Request { graph: &graph, direction, targets: &targets, until_contract: false };
        self.migrate(request, DataLoss::Refused).await
    }

    /// Tells the ledger which revisions the database has, without running any.
    ///
    /// # Errors
    /// When the targets name no place in the graph, or the ledger cannot be written.
    pub async fn stamp(&self, request: StampRequest<'_>) -> Result<StampReport, Failure> {
        self.tell_place();
        let work = async |session: Session<'_>, settings: &RunSettings, told: &mut dyn Observer| {
            stamp(session, settings, request, told).await
        };
        Box::pin(carry_out(self, work)).await
    }

    /// Accepts files as they are that were edited after they were applied.
    ///
    /// # Errors
    /// When the ledger cannot be written.
    pub async fn repair(&self, request: RepairRequest<'_>) -> Result<RepairReport, Failure> {
        self.tell_place();
        let work = async |session: Session<'_>, settings: &RunSettings, told: &mut dyn Observer| {
            repair(session, settings, request, told).await
        };
        Box::pin(carry_out(self, work)).await
    }
}

/// Lets the runner work on the configured database.
async fn carry_out<T>(
    project: &Project,
    work: impl AsyncFnOnce(Session<'_>, &RunSettings, &mut dyn Observer) -> Result<T, RunError>,
) -> Result<T, Failure> {
    let (notices, mut parts) = SessionParts::new();
    let connected = async {
        let database = project.workspace.connect(notices).await?;
        // Only with a witness is a pooler recognized.
        if let DatabasePlace::Server(address) = &project.workspace.database().place.value {
            parts.open_witness(address).await?;
        }
        Ok::<_, Failure>(database)
    };
    let database = tokio::select! {
        connected = connected => connected?,
        () = stopped(project) => return Err(Failure::interrupted()),
    };
    let mut ended = run_interruptibly(project, &database, &mut parts, work).await;
    if let Err(RunError::Failed(failure)) = &mut ended
        && !failure.recorded
    {
        if let (Cause::ConnectionLost(_), Some(reason)) =
            (&failure.cause, database.connection.lost_because())
        {
            failure.cause = Cause::ConnectionLost(reason.to_owned());
        }
        record_elsewhere(project, failure).await;
    }
    parts.close().await;
    database.close().await;
    Ok(ended?)
}

/// A signal ends the run in an orderly way: the running statement is cancelled and the ledger told.
async fn run_interruptibly<T>(
    project: &Project,
    database: &Database,
    parts: &mut SessionParts,
    work: impl AsyncFnOnce(Session<'_>, &RunSettings, &mut dyn Observer) -> Result<T, RunError>,
) -> Result<T, RunError> {
    let (interrupt, interrupted) = watch::channel(false);
    // The embedded engine cannot be asked.
    let canceller = (!database.is_embedded()).then(|| database.connection.canceller());
    let watcher = async move {
        stopped(project).await;
        project.note("stopping after the running statement; press Ctrl-C again to stop at once");
        interrupt.send_replace(true);
        if let Some(canceller) = canceller {
            cancel(project, &canceller).await;
        }
        std::future::pending().await
    };
    let session = parts.session(&database.connection, interrupted);
    let settings = runner_settings(project);
    let mut told = |progress: Progress<'_>| project.tell(&Message::Progress(&progress));
    tokio::select! {
        ended = work(session, &settings, &mut told) => ended,
        never = watcher => never,
    }
}

/// Waits until the run is to stop.
async fn stopped(project: &Project) {
    if let Some(stop) = &project.stop {
        let mut stop = stop.clone();
        if stop.wait_for(|it| *it).await.is_ok() {
            return;
        }
    }
    // Nobody asks any more.
    std::future::pending::<()>().await;
}

/// Cancels what is running, again and again: a request that comes between two statements is lost.
async fn cancel(project: &Project, canceller: &Canceller) {
    loop {
        if let Err(error) = canceller.cancel().await {
            let reason = chain(&error);
            return project.warning(&format!("cannot cancel the running statement: {reason}"));
        }
        tokio::time::sleep(CANCEL_AGAIN_AFTER).await;
    }
}

/// How revisions are run, from the configuration.
pub(super) fn runner_settings(project: &Project) -> RunSettings {
    let database = project.workspace.database();
    let milliseconds = |it: Duration| format!("{}ms", it.as_millis());
    RunSettings {
        ledger_schema: project.workspace.ledger_namespace(),
        search_path: database.search_path.value.clone(),
        lock_timeout: milliseconds(database.lock_timeout.value),
        statement_timeout: milliseconds(database.statement_timeout.value),
        lock_retries: database.lock_retries.value,
        lock_wait: None,
        transaction: match project.workspace.settings().migrations.transaction.value {
            Transaction::PerRevision => TransactionScope::PerRevision,
            Transaction::All => TransactionScope::All,
        },
        index_build: index_build(project),
        variables: project.workspace.settings().variables.clone(),
        consent: Consent::default(),
    }
}

/// What `[index_build]` gives to the session.
fn index_build(project: &Project) -> Vec<(String, String)> {
    let settings = &project.workspace.settings().index_build;
    let memory = settings.maintenance_work_mem.as_ref().map(|it| it.value.clone());
    let workers = settings.max_parallel_maintenance_workers.as_ref().map(|it| it.to_string());
    [("maintenance_work_mem", memory), ("max_parallel_maintenance_workers", workers)]
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect()
}

/// The connection that failed cannot say so any more: another one does.
async fn record_elsewhere(project: &Project, failure: &crate::runner::RunFailure) {
    let Ok(database) = project.workspace.connect(ignore_notices()).await else { return };
    let recorded = record(&database.connection, &runner_settings(project), failure).await;
    if let Err(error) = recorded {
        project.warning(&format!("cannot record the failure in the ledger: {}", chain(&error)));
    }
    database.close().await;
}
