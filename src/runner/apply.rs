//! Running revisions: in one transaction with their rows in the ledger, or segment by segment with
//! a row that records the progress.

use std::time::{Duration, Instant};

use super::autovacuum::Asked;
use super::segment::{Batch, Segment, SegmentKind, batches, progress};
use super::session::Prepared;
use super::stop::Stop;
use super::unfinished::{Earlier, Unfinished, WAIT_FOR_LOCKS};
use super::{Cause, Finished, Left, Progress, RunError, RunReport, Runner, Script, retry};
use crate::ledger::{AppliedRow, Direction, State};
use crate::ledger_tables::Event;
use crate::revision::checksum::Recorded;
use crate::sql_text::{ScriptStatement, SessionSettings, SkippedCommand, Token};

impl Runner<'_> {
    /// Runs scripts in order.
    pub(super) async fn apply(&mut self, scripts: &[Script]) -> Result<RunReport, RunError> {
        let segments: Vec<_> =
            scripts.iter().map(|it| (it.segments.as_slice(), it.step.progress.is_some())).collect();
        let mut report = RunReport::default();
        for batch in batches(&segments, self.settings.transaction) {
            let finished = match batch {
                Batch::Together(range) => self.together(&scripts[range]).await?,
                Batch::Staged(index) => vec![self.staged(&scripts[index]).await?],
            };
            finished.iter().for_each(|it| self.tell(Progress::Finished(it)));
            report.finished.extend(finished);
        }
        Ok(report)
    }

    /// Runs scripts in one transaction, again when a lock was not to be had.
    async fn together(&mut self, scripts: &[Script]) -> Result<Vec<Finished>, RunError> {
        let begun = Instant::now();
        let mut retries = 0;
        self.asked = Asked::default();
        loop {
            match self.try_together(scripts).await {
                Ok(finished) => return Ok(finished),
                Err(stop) => {
                    self.roll_back().await;
                    self.ask_or_retry(stop, &mut retries, begun).await?;
                }
            }
        }
    }

    async fn try_together(&mut self, scripts: &[Script]) -> Result<Vec<Finished>, Stop> {
        let mut finished = Vec::new();
        if let Some(first) = scripts.first() {
            self.begin_with(first.statements(0)).await?;
            self.stop_autovacuum(first, Left::Nothing).await?;
        }
        for (at, script) in scripts.iter().enumerate() {
            let begun = Instant::now();
            self.tell_started(script);
            for statement in script.statements(0) {
                self.statement(script, statement, Left::Nothing).await?;
            }
            self.renew(script.statements(0)).await?;
            let last = at + 1 == scripts.len();
            finished.push(self.finish(script, begun.elapsed(), last, Left::Nothing).await?);
        }
        Ok(finished)
    }

    /// Runs a script segment by segment.
    async fn staged(&mut self, script: &Script) -> Result<Finished, RunError> {
        let begun = Instant::now();
        self.tell_started(script);
        let done = script.segments[..script.resume.at].iter().flat_map(Segment::lasting);
        let mut settings = SessionSettings::after(done);
        self.clear_removed(script, begun).await?;
        for at in script.resume.at..script.segments.len() {
            self.segment(script, at, &settings, begun).await?;
            settings.follow(script.segments[at].lasting());
        }
        let done = self.conclude(script, begun).await;
        if done.is_err() {
            self.roll_back().await;
        }
        match done {
            Ok(finished) => Ok(finished),
            Err(Stop::Fail(error)) => Err(error),
            Err(Stop::Retry(_, failure)) => Err(RunError::Failed(failure)),
        }
    }

    /// Writes the end of a script whose segments are all done.
    async fn conclude(&mut self, script: &Script, begun: Instant) -> Result<Finished, Stop> {
        let of = script.segments.len();
        self.begin().await?;
        self.finish(script, begun.elapsed(), true, Left::Segments { done: of, of }).await
    }

    /// Runs a segment after what the file has set before it, again when a lock was not to be had.
    async fn segment(
        &mut self,
        script: &Script,
        at: usize,
        settings: &SessionSettings,
        begun: Instant,
    ) -> Result<(), RunError> {
        let mut retries = 0;
        self.asked = Asked::default();
        let is_resumed = at == script.resume.at && script.step.progress.is_some();
        let mut earlier =
            Earlier { is_there: is_resumed, is_open: is_resumed && script.resume.open };
        loop {
            let tried = match script.segments[at].kind {
                SegmentKind::Transaction => self.in_transaction(script, at, settings, begun).await,
                SegmentKind::Alone => self.alone(script, at, settings, earlier, begun).await,
                SegmentKind::Batched => return self.batched(script, at, settings, begun).await,
            };
            match tried {
                Ok(()) => return Ok(()),
                Err(Stop::Retry(_, mut failure)) if !script.is_undone_when_refused(at) => {
                    failure.duration = begun.elapsed();
                    return Err(RunError::Failed(failure));
                }
                Err(stop) => self.ask_or_retry(stop, &mut retries, begun).await?,
            }
            earlier = Earlier { is_there: true, is_open: false };
        }
    }

    async fn in_transaction(
        &mut self,
        script: &Script,
        at: usize,
        settings: &SessionSettings,
        begun: Instant,
    ) -> Result<(), Stop> {
        let done = self.try_in_transaction(script, at, settings, begun).await;
        if done.is_err() {
            self.roll_back().await;
        }
        done
    }

    async fn try_in_transaction(
        &mut self,
        script: &Script,
        at: usize,
        settings: &SessionSettings,
        begun: Instant,
    ) -> Result<(), Stop> {
        let left = Left::Segments { done: at, of: script.segments.len() };
        self.begin_with(script.statements(at)).await?;
        self.stop_autovacuum(script, left).await?;
        self.establish(script, settings, left).await?;
        for statement in script.statements(at) {
            self.statement(script, statement, left).await?;
        }
        self.begin_now().await?;
        self.renew(script.statements(at)).await?;
        self.pin().await?;
        self.mark(script, at + 1, false, begun.elapsed()).await?;
        self.commit(script, left).await
    }

    /// Runs the one statement of a segment outside of a transaction. The ledger says before that it
    /// was begun and what was there, and afterwards how it ended, so that only a lost connection leaves
    /// that open.
    async fn alone(
        &mut self,
        script: &Script,
        at: usize,
        settings: &SessionSettings,
        earlier: Earlier,
        begun: Instant,
    ) -> Result<(), Stop> {
        let left = Left::Segments { done: at, of: script.segments.len() };
        for statement in script.statements(at) {
            self.pin().await?;
            self.check_lock().await?;
            self.stop_autovacuum_before(script, left).await?;
            let noted = if earlier.is_there { self.begun(script, at).await? } else { None };
            // What its names stand for depends on the file's search_path.
            self.establish(script, settings, left).await?;
            let earlier = (noted, earlier.is_open);
            let note = self.clear_way(script, (at, statement), earlier, left).await?;
            if !settings.is_empty() {
                self.pin().await?;
            }
            let Some(note) = note else { continue };
            self.mark_begun(script, at, note.clone(), begun.elapsed()).await?;
            self.establish(script, settings, left).await?;
            if statement.outside().kind.waits_for_transactions() {
                self.client.batch_execute(WAIT_FOR_LOCKS).await.map_err(RunError::Server)?;
            }
            if let Err(stop) = self.statement(script, statement, left).await {
                // The statement's error is the one to tell; without this mark, too, the next run
                // finds its way.
                let is_pinned = !self.client.is_closed() && self.pin().await.is_ok();
                let unfinished = self.look_back(statement, &note).await;
                if is_pinned {
                    let _ = self.mark_refused(script, at, &unfinished, begun.elapsed()).await;
                }
                return Err(unfinished.told_in(stop));
            }
        }
        self.renew(script.statements(at)).await?;
        self.pin().await?;
        self.mark(script, at + 1, false, begun.elapsed()).await?;
        Ok(())
    }

    /// Clears away what a statement left that the file no longer has where the earlier run stopped.
    async fn clear_removed(&mut self, script: &Script, begun: Instant) -> Result<(), RunError> {
        let at = script.resume.at;
        let alone = script.segments.get(at).is_some_and(|it| it.kind == SegmentKind::Alone);
        if alone || script.step.progress.is_none() {
            return Ok(());
        }
        let Some(note) = self.begun(script, at).await? else { return Ok(()) };
        let left = Left::Segments { done: at, of: script.segments.len() };
        let mut retries = 0;
        loop {
            match self.clear(script, None, &note, left).await {
                Ok(()) => return self.pin().await,
                Err(stop) => self.retry_or_fail(stop, &mut retries, begun).await?,
            }
        }
    }

    /// Begins a transaction in the session that holds the lock. As long as nothing was run that
    /// could have released it, the BEGIN is left to travel with the first statement.
    pub(super) async fn begin(&mut self) -> Result<(), RunError> {
        if self.is_lock_certain {
            self.is_begin_due = true;
            return Ok(());
        }
        let (begun, held) = tokio::join!(self.client.batch_execute("BEGIN"), self.check_lock());
        begun.map_err(RunError::Server)?;
        self.is_lock_certain = held.is_ok();
        held
    }

    /// The same for a transaction whose isolation level is set, which it takes before its first query
    /// only: so the lock is looked at before.
    async fn begin_with(&mut self, statements: &[ScriptStatement]) -> Result<(), RunError> {
        if statements.iter().any(ScriptStatement::sets_transaction) && !self.is_lock_certain {
            self.check_lock().await?;
            self.is_lock_certain = true;
        }
        self.begin().await
    }

    /// Sends the BEGIN that no statement has taken along.
    pub(super) async fn begin_now(&mut self) -> Result<(), RunError> {
        if std::mem::take(&mut self.is_begin_due) {
            self.client.batch_execute("BEGIN").await.map_err(RunError::Server)?;
        }
        Ok(())
    }

    /// Commits. Deferred constraints are checked here, so this can fail as a statement does.
    async fn commit(&mut self, script: &Script, left: Left) -> Result<(), Stop> {
        let committed = self.send("COMMIT").await;
        self.committed(committed, script, left)
    }

    pub(super) fn committed(
        &self,
        done: Result<(), tokio_postgres::Error>,
        script: &Script,
        left: Left,
    ) -> Result<(), Stop> {
        done.map_err(|error| {
            let left = if error.as_db_error().is_some() { left } else { Left::Unknown };
            self.stop(script, None, &error, left)
        })
    }

    /// Prepares again what a revision has deallocated.
    async fn renew(&mut self, statements: &[ScriptStatement]) -> Result<(), RunError> {
        let discards = |it: &ScriptStatement| {
            let word = it.tokens.first().and_then(Token::word);
            matches!(word, Some("discard" | "deallocate"))
        };
        if statements.iter().any(discards) {
            self.prepared = Some(Prepared::new(self.client, &self.store).await?);
        }
        Ok(())
    }

    /// Rolls back. Where even that fails the connection is gone, and the server does it.
    pub(super) async fn roll_back(&mut self) {
        self.is_begin_due = false;
        self.pass_on_notices();
        let _ = self.client.batch_execute("ROLLBACK").await;
        // A statement that could not even be read has taken its BEGIN with it, of which the server
        // warns.
        while self.notices.try_recv().is_ok() {}
    }

    /// Pauses before a retry, or gives up.
    pub(super) async fn retry_or_fail(
        &mut self,
        stop: Stop,
        retries: &mut u32,
        begun: Instant,
    ) -> Result<(), RunError> {
        let (reason, mut failure) = match stop {
            Stop::Retry(reason, failure) => (reason, failure),
            Stop::Fail(RunError::Failed(mut failure)) => {
                failure.duration = begun.elapsed();
                return Err(RunError::Failed(failure));
            }
            Stop::Fail(error) => return Err(error),
        };
        failure.duration = begun.elapsed();
        if *retries >= self.settings.lock_retries {
            return Err(RunError::Failed(failure));
        }
        let pause = retry::random_pause(*retries);
        *retries += 1;
        let (retry, of) = (*retries, self.settings.lock_retries);
        let holders = failure.blockers.clone();
        self.tell(Progress::Retrying { retry, of, pause, reason, holders });
        if self.sleep(pause).await.is_err() {
            failure.cause = Cause::Interrupted;
            return Err(RunError::Failed(failure));
        }
        Ok(())
    }

    /// Writes down how far a script in segments is.
    pub(super) async fn mark(
        &self,
        script: &Script,
        done: usize,
        open: bool,
        duration: Duration,
    ) -> Result<(), RunError> {
        let row = row(script, script.step.direction.state(), done, open, duration);
        Ok(self.prepared().ledger.put(&row).await?)
    }

    /// Records that a statement outside of a transaction starts, and the objects that exist before it.
    async fn mark_begun(
        &self,
        script: &Script,
        at: usize,
        note: String,
        duration: Duration,
    ) -> Result<(), RunError> {
        let row = row(script, script.step.direction.state(), at, true, duration);
        let event = Event {
            action: script.step.direction.into(),
            revision: Some(script.step.revision.id().clone()),
            sqlstate: None,
            detail: Some(note),
            milliseconds: milliseconds(duration),
        };
        let ledger = &self.prepared().ledger;
        // Sent at once: what follows a refusal is refused, too, and the COMMIT then rolls back.
        let (begun, put, recorded, committed) = tokio::join!(
            self.client.batch_execute("BEGIN"),
            ledger.put(&row),
            ledger.record(&event),
            self.client.batch_execute("COMMIT")
        );
        begun.map_err(RunError::Server)?;
        put.and(recorded)?;
        committed.map_err(RunError::Server)
    }

    /// Writes down that a statement outside of a transaction was refused. Where nothing of its revision
    /// was done and nothing is left of it, the revision was not begun.
    async fn mark_refused(
        &self,
        script: &Script,
        at: usize,
        unfinished: &Unfinished,
        duration: Duration,
    ) -> Result<(), RunError> {
        if at == 0 && script.step.direction == Direction::Up && unfinished.is_nothing() {
            return Ok(self.prepared().ledger.delete(script.step.revision.id()).await?);
        }
        self.mark(script, at, false, duration).await
    }

    /// Writes the end of a script into the ledger, and commits where that is wanted. All of it is
    /// sent at once: what follows a refusal is refused, too, and a COMMIT then rolls back.
    async fn finish(
        &mut self,
        script: &Script,
        duration: Duration,
        commit: bool,
        left: Left,
    ) -> Result<Finished, Stop> {
        let step = &script.step;
        let id = step.revision.id();
        let row = row(script, State::Applied, script.segments.len(), false, duration);
        let event = Event {
            action: step.direction.into(),
            revision: Some(id.clone()),
            sqlstate: None,
            detail: None,
            milliseconds: milliseconds(duration),
        };
        self.begin_now().await?;
        let ledger = &self.prepared().ledger;
        let entry = async {
            match step.direction {
                Direction::Up => ledger.put(&row).await,
                Direction::Down => ledger.delete(id).await,
            }
        };
        let end = async { if commit { self.client.batch_execute("COMMIT").await } else { Ok(()) } };
        let statements = script.segments.iter().flat_map(|it| &it.statements);
        let changed = statements.into_iter().any(ScriptStatement::may_change_session);
        let pin = async { if changed { self.pin().await } else { Ok(()) } };
        let (pinned, entered, recorded, ended) =
            tokio::join!(pin, entry, ledger.record(&event), end);
        pinned?;
        entered.and(recorded).map_err(RunError::Ledger)?;
        self.committed(ended, script, left)?;
        self.pass_on_notices();
        let message = step.revision.header.message.clone();
        Ok(Finished { id: id.clone(), message, direction: step.direction, duration })
    }

    fn tell_started(&mut self, script: &Script) {
        self.tell(Progress::Started {
            id: script.step.revision.id(),
            message: &script.step.revision.header.message,
            direction: script.step.direction,
            resumed: script.resume.at,
        });
        for SkippedCommand { command, line } in &script.skipped {
            self.tell(Progress::Skipped { path: &script.file.path, line: *line, command });
        }
    }
}

impl Script {
    /// Its row before one of its segments.
    pub(super) fn row_on_the_way(&self, at: usize, duration: Duration) -> AppliedRow {
        row(self, self.step.direction.state(), at, false, duration)
    }
}

/// The row of a script that is so far.
pub(super) fn row(
    script: &Script,
    state: State,
    done: usize,
    open: bool,
    duration: Duration,
) -> AppliedRow {
    let step = &script.step;
    let header = &step.revision.header;
    AppliedRow {
        id: header.id.clone(),
        parents: header.parents.clone(),
        message: header.message.clone(),
        checksum: Recorded::Files(step.checksum.clone()),
        chain: step.chain.clone(),
        state,
        progress: progress(&script.segments, done, open),
        fingerprint: header.fingerprint.clone(),
        applied_at: String::new(),
        applied_by: String::new(),
        milliseconds: milliseconds(duration),
        tool_version: String::new(),
    }
}

fn milliseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
