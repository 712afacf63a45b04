//! An UPDATE in batches: one range of a key after the other, each in a transaction that also
//! records the last key. A run that was interrupted at any moment continues after that key, and no
//! row is updated twice.
//!
//! It ends with the greatest key that existed when it started: later rows are not updated, as by a
//! single statement.

use std::time::{Duration, Instant};

use tokio_postgres::SimpleQueryMessage;
use tokio_postgres::types::{ToSql, Type};

use super::batch_error::BatchError;
use super::pace::{Advice, Pace, Replicas};
use super::stop::Stop;
use super::{Cause, Left, Progress, RunError, RunFailure, Runner, Script};
use crate::ledger::BatchProgress;
use crate::sql_text::{Batches, ScriptStatement, SessionSettings, Update};

/// What the catalog says of the table and the key.
const KEY: &str = include_str!("queries/batch_key.sql");
/// Whether somebody waits for a lock of this session. Everybody may read `pg_locks`.
const OTHERS_WAIT: &str = "SELECT EXISTS (SELECT FROM pg_catalog.pg_locks AS it WHERE NOT it.granted \
     AND pg_catalog.pg_backend_pid() = ANY (pg_catalog.pg_blocking_pids(it.pid)))";
/// How far the slowest replica is behind, in seconds. A role without pg_monitor sees NULL.
const LAG: &str = "SELECT pg_catalog.max(extract(epoch FROM greatest(write_lag, flush_lag, replay_lag)))\
     ::float8 FROM pg_catalog.pg_stat_replication";
/// What a key is asked for with, so that its text is read as the same key: a float with all its digits, a
/// time with its offset. The statement itself has what its file or the database has set.
const EXACTLY: &str =
    "SAVEPOINT aludel_key; SET LOCAL extra_float_digits = 1; SET LOCAL DateStyle = 'ISO'";
const NO_LONGER: &str = "ROLLBACK TO SAVEPOINT aludel_key; RELEASE SAVEPOINT aludel_key";
/// How often the replicas are looked at.
const LAG_LOOK: Duration = Duration::from_secs(1);
/// When it is said for the first time how far the statement is; then less and less often.
const FIRST_TOLD: Duration = Duration::from_secs(1);
const LONGEST_UNTOLD: Duration = Duration::from_secs(60);

/// A statement on its way.
struct Work<'a> {
    script: &'a Script,
    at: usize,
    statement: &'a ScriptStatement,
    settings: &'a SessionSettings,
    update: Update,
    by: Vec<String>,
    /// The name of its table.
    table: String,
    /// About how many rows that has.
    estimate: Option<u64>,
    /// None before the first batch is done.
    done: Option<BatchProgress>,
    /// The greatest key that there was when it began; None where there was no row.
    until: Option<Vec<String>>,
    left: Left,
}

impl<'a> Work<'a> {
    /// Those of the statement of a segment, as [`Script`] has checked it.
    fn new(script: &'a Script, at: usize, settings: &'a SessionSettings) -> (Self, Batches) {
        let statement = &script.segments[at].statements[0];
        let batches = statement.batches().expect("a segment in batches has a directive");
        let update = Update::read(statement).expect("a segment in batches is an UPDATE");
        let earlier = script.step.progress.as_ref().filter(|_| at == script.resume.at);
        let done = earlier.and_then(|it| it.batch.clone());
        let work = Self {
            script,
            at,
            statement,
            settings,
            update,
            by: batches.by.clone(),
            table: String::new(),
            estimate: None,
            until: done.as_ref().map(|it| it.until.clone()),
            done,
            left: Left::Segments { done: at, of: script.segments.len() },
        };
        (work, batches)
    }

    fn last(&self) -> Option<&[String]> {
        self.done.as_ref().map(|it| it.last.as_slice())
    }

    /// How far it is once a batch up to this key has updated so many rows.
    fn after(&self, last: Vec<String>, until: Vec<String>, rows: u64) -> BatchProgress {
        let before = self.done.as_ref().map_or(0, |it| it.rows);
        BatchProgress {
            line: self.statement.line,
            table: self.table.clone(),
            by: self.by.clone(),
            last,
            until,
            rows: before + rows,
        }
    }

    fn failure(&self, cause: Cause) -> Stop {
        let statement = Some(self.statement);
        let failure = RunFailure::new(self.script, statement, cause, None, self.left);
        self.with_progress(Stop::Fail(RunError::Failed(Box::new(failure))))
    }

    fn refused(&self, error: BatchError) -> Stop {
        self.failure(Cause::Batches(error))
    }

    /// What stopped it, with how far it is.
    fn with_progress(&self, mut stop: Stop) -> Stop {
        if let Some(failure) = stop.failure_mut() {
            failure.batch.clone_from(&self.done);
        }
        stop
    }
}

/// When to say how far a statement is.
struct Teller {
    told: Instant,
    pause: Duration,
}

impl Teller {
    fn is_due(&mut self) -> bool {
        let due = self.told.elapsed() >= self.pause;
        if due {
            self.told = Instant::now();
            self.pause = self.pause.saturating_mul(2).min(LONGEST_UNTOLD);
        }
        due
    }
}

/// A batch that is done.
struct Batch {
    took: Duration,
    others_wait: bool,
}

impl Runner<'_> {
    /// Runs the UPDATE of a segment in batches.
    pub(super) async fn batched(
        &mut self,
        script: &Script,
        at: usize,
        settings: &SessionSettings,
        begun: Instant,
    ) -> Result<(), RunError> {
        let (mut work, batches) = Work::new(script, at, settings);
        self.look_until_done(&mut work, begun).await?;
        let mut pace = Pace::new(batches);
        let mut replicas = (Replicas::default(), Instant::now());
        let mut teller = Teller { told: Instant::now(), pause: FIRST_TOLD };
        let mut retries = 0;
        if work.done.is_some() {
            self.tell_batch(&work);
        }
        while let Some(until) = work.until.clone() {
            match self.batch(&mut work, &until, pace.rows, begun).await {
                Ok(None) => break,
                Ok(Some(Batch { took, others_wait })) => {
                    retries = 0;
                    pace.done(took, others_wait);
                    if teller.is_due() {
                        self.tell_batch(&work);
                    }
                    self.yield_to_others(&work, &pace, &mut replicas).await?;
                }
                Err(stop) => {
                    self.roll_back().await;
                    pace.shrink();
                    self.retry_or_fail(work.with_progress(stop), &mut retries, begun).await?;
                }
            }
        }
        self.mark(script, at + 1, false, begun.elapsed()).await?;
        self.tell_batch(&work);
        let (line, text, duration) = (work.statement.line, &*work.statement.text, begun.elapsed());
        self.tell(Progress::Statement { line, text, duration });
        Ok(())
    }

    /// Looks at the table and its key, again after what can be retried.
    async fn look_until_done(
        &mut self,
        work: &mut Work<'_>,
        begun: Instant,
    ) -> Result<(), RunError> {
        let mut retries = 0;
        loop {
            let looked = self.look(work).await;
            // Nothing is written yet; what was set for the look ends with it.
            self.roll_back().await;
            match looked {
                Ok(()) => return Ok(()),
                Err(stop) => {
                    self.retry_or_fail(work.with_progress(stop), &mut retries, begun).await?;
                }
            }
        }
    }

    fn tell_batch(&mut self, work: &Work<'_>) {
        if let Some(progress) = &work.done {
            let (path, of) = (&*work.script.file.path, work.estimate);
            self.tell(Progress::Batch { path, progress, of });
        }
    }

    /// Looks at the table, and where its last row is.
    async fn look(&mut self, work: &mut Work<'_>) -> Result<(), Stop> {
        self.begin().await?;
        self.begin_now().await?;
        self.establish(work.script, work.settings, work.left).await?;
        let Update { table, only, .. } = &work.update;
        let asked: [(&(dyn ToSql + Sync), Type); 3] =
            [(table, Type::TEXT), (&work.by, Type::TEXT_ARRAY), (only, Type::BOOL)];
        let row = self.client.query_typed_opt(KEY, &asked).await;
        let row = row.map_err(|it| self.stop_unplaced(work, &it))?;
        let no_table = || BatchError::NoTable { table: work.update.table.clone() };
        let row = row.ok_or_else(|| work.refused(no_table()))?;
        let table: String = row.get("name");
        if !matches!(row.get::<_, &str>("kind"), "r" | "p") {
            return Err(work.refused(BatchError::NotTable { table }));
        }
        if row.get("is_secured") {
            return Err(work.refused(BatchError::Secured { table }));
        }
        if let Some(column) = row.get::<_, Vec<String>>("missing").pop() {
            return Err(work.refused(BatchError::NoColumn { table, column }));
        }
        if let Some(column) = row.get::<_, Vec<String>>("nullable").pop() {
            return Err(work.refused(BatchError::Nullable { table, column }));
        }
        if !row.get::<_, bool>("is_indexed") {
            return Err(work.refused(BatchError::NoIndex { table, by: work.by.clone() }));
        }
        if let Some(BatchProgress { table: other, by, rows, .. }) =
            work.done.as_ref().filter(|it| !it.is_of(&table, &work.by))
        {
            let other = BatchError::Other { table: other.clone(), by: by.clone(), rows: *rows };
            return Err(work.refused(other));
        }
        work.table = table;
        work.estimate = row.get::<_, Option<f64>>("estimate").map(whole);
        if work.done.is_none() {
            let greatest = work.update.last_key(&work.by, None, None, None);
            work.until = self.key(work, &greatest).await?;
        }
        Ok(())
    }

    /// Updates the next rows; None where there are none.
    async fn batch(
        &mut self,
        work: &mut Work<'_>,
        until: &[String],
        rows: u32,
        begun: Instant,
    ) -> Result<Option<Batch>, Stop> {
        if self.is_interrupted() {
            return Err(work.failure(Cause::Interrupted));
        }
        self.begin().await?;
        self.begin_now().await?;
        self.establish(work.script, work.settings, work.left).await?;
        let next = work.update.last_key(&work.by, work.last(), Some(until), Some(rows));
        let Some(last) = self.key(work, &next).await? else {
            self.roll_back().await;
            return Ok(None);
        };
        let update = work.update.between(&work.by, work.last(), &last);
        self.is_lock_certain = false;
        let started = Instant::now();
        let updated = self.send_counted(&update).await;
        let updated = updated
            .map_err(|it| self.stop(work.script, Some((work.statement, "")), &it, work.left))?;
        let took = started.elapsed();
        let done = work.after(last, until.to_vec(), updated);
        let others_wait = self.commit_batch(work, &done, begun.elapsed()).await?;
        work.done = Some(done);
        Ok(Some(Batch { took, others_wait }))
    }

    /// Writes down how far the statement is, and commits; says whether anybody waited for that. All of it
    /// is sent at once: what follows a refusal is refused, too, and the COMMIT then rolls back.
    async fn commit_batch(
        &mut self,
        work: &Work<'_>,
        done: &BatchProgress,
        duration: Duration,
    ) -> Result<bool, Stop> {
        let mut row = work.script.row_on_the_way(work.at, duration);
        row.progress.batch = Some(done.clone());
        let (pinned, waiting, put, committed) = tokio::join!(
            self.pin(),
            self.client.query_typed_one(OTHERS_WAIT, &[]),
            self.prepared().ledger.put(&row),
            self.client.batch_execute("COMMIT")
        );
        if self.client.is_closed() {
            self.committed(committed, work.script, work.left)?;
            return Ok(false);
        }
        pinned?;
        put.map_err(RunError::Ledger)?;
        let others_wait = waiting.map_err(RunError::Server)?.get(0);
        self.committed(committed, work.script, work.left)?;
        self.pass_on_notices();
        Ok(others_wait)
    }

    /// A key, asked for by a query of one row.
    async fn key(&mut self, work: &Work<'_>, sql: &str) -> Result<Option<Vec<String>>, Stop> {
        let client = self.client;
        let asked = format!("{EXACTLY}; {sql}; {NO_LONGER}");
        let found = self.watch(client.simple_query(&asked)).await;
        let found = found.map_err(|it| self.stop_unplaced(work, &it))?;
        Ok(found.iter().find_map(|it| match it {
            SimpleQueryMessage::Row(row) => {
                Some((0..row.len()).map(|at| row.get(at).unwrap_or_default().to_owned()).collect())
            }
            _ => None,
        }))
    }

    /// Explains an error of a query that is not in the file.
    fn stop_unplaced(&self, work: &Work<'_>, error: &tokio_postgres::Error) -> Stop {
        let mut stop = self.stop(work.script, Some((work.statement, "")), error, work.left);
        if let Some(failure) = stop.failure_mut() {
            failure.place = RunFailure::beginning(work.script, work.statement);
        }
        stop
    }

    /// Pauses after a batch, and waits for replicas that are far behind.
    async fn yield_to_others(
        &mut self,
        work: &Work<'_>,
        pace: &Pace,
        (replicas, looked): &mut (Replicas, Instant),
    ) -> Result<(), RunError> {
        self.pause(work, pace.pause()).await?;
        if !replicas.is_of_use() || looked.elapsed() < LAG_LOOK {
            return Ok(());
        }
        let mut waited = None;
        loop {
            *looked = Instant::now();
            let Some(lag) = self.lag().await else { return Ok(()) };
            match replicas.seen(lag, waited) {
                Advice::GoOn => return Ok(()),
                Advice::Wait if waited.is_none() => self.tell(Progress::Lagging { lag }),
                Advice::Wait => {}
                Advice::GiveUp => {
                    self.tell(Progress::NoLongerWaiting { lag });
                    return Ok(());
                }
            }
            self.pause(work, LAG_LOOK).await?;
            waited = Some(LAG_LOOK);
        }
    }

    async fn pause(&mut self, work: &Work<'_>, pause: Duration) -> Result<(), RunError> {
        if pause.is_zero() || self.sleep(pause).await.is_ok() {
            return Ok(());
        }
        match work.failure(Cause::Interrupted) {
            Stop::Fail(error) => Err(error),
            Stop::Retry(_, failure) => Err(RunError::Failed(failure)),
        }
    }

    /// How far the replicas are behind, where that can be read.
    async fn lag(&self) -> Option<Duration> {
        let row = self.client.query_typed_one(LAG, &[]).await.ok()?;
        Duration::try_from_secs_f64(row.get::<_, Option<f64>>(0)?).ok()
    }
}

/// A number of rows, which is never negative.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "an estimate of more than 2^64 rows is beyond us"
)]
fn whole(rows: f64) -> u64 {
    rows as u64
}
