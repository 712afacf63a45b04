//! One statement: sent as written, with its notices, its duration, and its error.

use std::time::Instant;

use tokio_postgres::SimpleQueryMessage;
use tokio_postgres::error::SqlState;

use super::failure::position;
use super::lock::{FIRST_LOOK, LONGEST_LOOK};
use super::stop::Stop;
use super::{Cause, Left, Progress, RunError, RunFailure, Runner, Script, ServerMessage, retry};
use crate::connection::{copy_in, text_pins_after};
use crate::sql_text::{ScriptStatement, SessionSettings};

/// What the first statement of a transaction takes along.
const BEGIN: &str = "BEGIN; ";

impl Runner<'_> {
    /// Runs a statement of a script.
    pub(super) async fn statement(
        &mut self,
        script: &Script,
        statement: &ScriptStatement,
        left: Left,
    ) -> Result<(), Stop> {
        if self.is_interrupted() {
            let failure = RunFailure::new(script, Some(statement), Cause::Interrupted, None, left);
            return Err(Stop::Fail(RunError::Failed(Box::new(failure))));
        }
        let begun = Instant::now();
        self.is_lock_certain &= !statement.may_change_session();
        if statement.rows.is_some() {
            self.begin_now().await?;
        }
        let due = std::mem::take(&mut self.is_begin_due);
        let prefix = if due { BEGIN } else { "" };
        match self.send_statement(statement, prefix).await {
            Ok(()) => {
                let (line, text, duration) = (statement.line, &*statement.text, begun.elapsed());
                self.tell(Progress::Statement { line, text, duration });
                Ok(())
            }
            Err(error) => Err(self.stop(script, Some((statement, prefix)), &error, left)),
        }
    }

    /// Brings the session to what a file has set before one of its segments.
    pub(super) async fn establish(
        &mut self,
        script: &Script,
        settings: &SessionSettings,
        left: Left,
    ) -> Result<(), Stop> {
        for statement in settings.statements() {
            let due = std::mem::take(&mut self.is_begin_due);
            let prefix = if due { BEGIN } else { "" };
            let done = self.send_statement(statement, prefix).await;
            done.map_err(|it| self.stop(script, Some((statement, prefix)), &it, left))?;
        }
        Ok(())
    }

    async fn send_statement(
        &mut self,
        statement: &ScriptStatement,
        prefix: &str,
    ) -> Result<(), tokio_postgres::Error> {
        if let Some(rows) = &statement.rows {
            copy_in(self.client, &statement.text, &rows.text).await?;
            self.pass_on_notices();
            return Ok(());
        }
        // In one message: where BEGIN is not carried out, what follows it is not either.
        self.send(&format!("{prefix}{}", statement.text)).await?;
        if let Some(pins) = text_pins_after(statement) {
            self.send(&pins).await?;
        }
        Ok(())
    }

    /// Sends SQL and passes on the notices that come meanwhile.
    pub(super) async fn send(&mut self, sql: &str) -> Result<(), tokio_postgres::Error> {
        let client = self.client;
        self.watch(client.batch_execute(sql)).await
    }

    /// Sends a statement and says how many rows it has changed.
    pub(super) async fn send_counted(&mut self, sql: &str) -> Result<u64, tokio_postgres::Error> {
        let client = self.client;
        let answers = self.watch(client.simple_query(sql)).await?;
        Ok(answers
            .iter()
            .map(|it| if let SimpleQueryMessage::CommandComplete(rows) = it { *rows } else { 0 })
            .sum())
    }

    /// Waits for the answer to what was sent, passes on the notices that come meanwhile, and looks who is
    /// blocking it.
    pub(super) async fn watch<T>(&mut self, sent: impl Future<Output = T>) -> T {
        tokio::pin!(sent);
        (self.blockers, self.blockers_told) = (Vec::new(), None);
        let begun = tokio::time::Instant::now();
        let mut pause = FIRST_LOOK;
        let done = loop {
            tokio::select! {
                done = &mut sent => break done,
                () = tokio::time::sleep(pause) => {
                    self.look_who_blocks(begun).await;
                    pause = pause.saturating_mul(2).min(LONGEST_LOOK);
                }
                Some(notice) = self.notices.recv() => {
                    self.observer.observe(Progress::Notice(ServerMessage::from(&notice)));
                }
            }
        };
        self.pass_on_notices();
        done
    }

    /// Passes on the notices that have come.
    pub(super) fn pass_on_notices(&mut self) {
        while let Ok(notice) = self.notices.try_recv() {
            self.tell(Progress::Notice(ServerMessage::from(&notice)));
        }
    }

    /// Explains an error of a statement, sent with something before it, or of the commit.
    pub(super) fn stop(
        &self,
        script: &Script,
        statement: Option<(&ScriptStatement, &str)>,
        error: &tokio_postgres::Error,
        left: Left,
    ) -> Stop {
        let prefix = statement.map_or(0, |(_, it)| u32::try_from(it.chars().count()).unwrap_or(0));
        let statement = statement.map(|(statement, _)| statement);
        let failure =
            |cause, position| Box::new(RunFailure::new(script, statement, cause, position, left));
        let Some(refusal) = error.as_db_error() else {
            return Stop::Fail(RunError::Failed(failure(self.lost(error), None)));
        };
        let message = ServerMessage::from(refusal);
        if self.is_interrupted() && *refusal.code() == SqlState::QUERY_CANCELED {
            return Stop::Fail(RunError::Failed(failure(Cause::Interrupted, None)));
        }
        let worth_retrying = retry::is_worth_retrying(refusal.code());
        let place = position(refusal).map(|it| it.saturating_sub(prefix));
        let mut failure = failure(Cause::Server(message.clone()), place);
        failure.blockers.clone_from(&self.blockers);
        if worth_retrying {
            Stop::Retry(message, failure)
        } else {
            Stop::Fail(RunError::Failed(failure))
        }
    }

    fn lost(&self, error: &tokio_postgres::Error) -> Cause {
        if self.client.is_closed() || error.is_closed() {
            return Cause::ConnectionLost("the server closed it or stopped answering".to_owned());
        }
        let source = std::error::Error::source(error);
        Cause::ConnectionLost(source.map_or_else(|| error.to_string(), ToString::to_string))
    }
}
