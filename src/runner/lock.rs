//! One runner at a time: a session-level advisory lock, polled.
//!
//! A statement never waits for the lock: its session would hold a snapshot, and CREATE INDEX
//! CONCURRENTLY in the session with the lock would wait for that snapshot indefinitely.

use std::time::Duration;

use sha2::{Digest, Sha256};
use tokio::time::Instant;
use tokio_postgres::Client;
use tokio_postgres::types::Type;

use super::holder::{Holder, Look, Suspicion, sessions_blocking};
use super::{Progress, RunError, Runner};
use crate::model::ident::Ident;

/// The pause after the first time that the lock was not free.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
/// No pause is longer.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// How long the other connection may take to find the blocking session.
const LOOK_PATIENCE: Duration = Duration::from_secs(1);
/// A shorter wait is not worth a word.
const TELL_AFTER: Duration = Duration::from_secs(1);
/// When a statement that still runs is looked after for the first time; then less and less often.
pub(super) const FIRST_LOOK: Duration = Duration::from_millis(50);
/// The longest time between two looks: the locks of the server are read for each.
pub(super) const LONGEST_LOOK: Duration = Duration::from_secs(10);

/// The key of the lock. Advisory locks belong to a database, so the ledger's schema is all that
/// tells two apart.
pub(super) fn key(ledger_schema: &Ident) -> i64 {
    let hash = Sha256::digest(format!("aludel runner {}", ledger_schema.as_str()));
    let (bytes, _) = hash.split_first_chunk().expect("SHA-256 has 32 bytes");
    i64::from_be_bytes(*bytes)
}

impl Runner<'_> {
    /// Takes the lock, or waits until it is free. One that was left behind is never going to be.
    pub(super) async fn acquire(&mut self) -> Result<(), RunError> {
        let begun = Instant::now();
        let mut pause = FIRST_PAUSE;
        let mut known = None;
        let mut suspicion = Suspicion::default();
        while !self.try_lock().await? {
            let holder = self.holder(&mut suspicion, begun.elapsed()).await?;
            if self.settings.lock_wait.is_some_and(|it| begun.elapsed() >= it) {
                return Err(RunError::Locked { holder });
            }
            let pid = holder.as_ref().map(|it| it.pid);
            if pid.is_some() && known != pid {
                known = pid;
                self.tell(Progress::Waiting { holder });
            }
            self.sleep(pause).await?;
            pause = pause.saturating_mul(2).min(LONGEST_PAUSE);
        }
        Ok(())
    }

    /// Whether this session still is the one that holds the lock. Called right before work begins:
    /// behind a pooler another backend would answer.
    pub(super) async fn check_lock(&self) -> Result<(), RunError> {
        let row = self.client.query_one(&self.prepared().lock_held, &[&self.lock]).await;
        let row = row.map_err(RunError::Server)?;
        match (row.get::<_, i32>("pid") == self.pid, row.get("held")) {
            (true, true) => Ok(()),
            (true, false) => Err(RunError::LockLost),
            (false, _) => Err(RunError::Pooler),
        }
    }

    async fn try_lock(&self) -> Result<bool, RunError> {
        // A session-level lock survives a rollback, and ends with the session (manual 13.3.5).
        let sql = "SELECT pg_catalog.pg_try_advisory_lock($1)";
        let row = self.client.query_typed_one(sql, &[(&self.lock, Type::INT8)]).await;
        Ok(row.map_err(RunError::Server)?.get(0))
    }

    async fn holder(
        &self,
        suspicion: &mut Suspicion,
        now: Duration,
    ) -> Result<Option<Holder>, RunError> {
        let sql = include_str!("queries/lock_holder.sql");
        let row = self.client.query_typed_opt(sql, &[(&self.lock, Type::INT8)]).await;
        let Some(row) = row.map_err(RunError::Server)? else { return Ok(None) };
        let holder = Holder::read(&row);
        let quiet: Option<f64> = row.get("quiet_for");
        let look = Look {
            application: &holder.application,
            idle: row.get("idle"),
            quiet_for: quiet.and_then(|it| Duration::try_from_secs_f64(it).ok()),
        };
        match suspicion.grows(now, look) {
            true => Err(RunError::LockLeft { holder }),
            false => Ok(Some(holder)),
        }
    }

    /// Finds the sessions that block the running statement, over the other connection. What cannot be
    /// found out is not worth a failure.
    pub(super) async fn look_who_blocks(&mut self, begun: Instant) {
        let Some(witness) = self.witness else { return };
        let asked = tokio::time::timeout(LOOK_PATIENCE, sessions_blocking(self.pid, witness)).await;
        let Ok(Ok(holders)) = asked else { return };
        if holders.is_empty() {
            return;
        }
        let pids = |it: &[Holder]| it.iter().map(|it| it.pid).collect::<Vec<_>>();
        let told = self.blockers_told.take().filter(|it| *it == pids(&holders));
        if told.is_none() && begun.elapsed() >= TELL_AFTER {
            self.tell(Progress::Blocked { holders: holders.clone() });
            self.blockers_told = Some(pids(&holders));
        } else {
            self.blockers_told = told;
        }
        self.blockers = holders;
    }
}

/// Gives the lock back. A lost connection has done so already.
pub(super) async fn release(client: &Client, key: i64) {
    let sql = "SELECT pg_catalog.pg_advisory_unlock($1)";
    let _ = client.query_typed(sql, &[(&key, Type::INT8)]).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two versions of the program must use the same key.
    #[test]
    fn keys_are_stable() {
        assert_eq!(key(&Ident::new("aludel")), key(&Ident::new("aludel")));
        assert_ne!(key(&Ident::new("aludel")), key(&Ident::new("other")));
    }
}
