//! One runner at a time: an advisory lock of the session, asked for again and again.
//!
//! The lock is never waited for inside a statement. A session that does so holds a snapshot, and
//! the CREATE INDEX CONCURRENTLY of the one who has the lock would wait for that snapshot for ever.

use std::fmt;
use std::time::Duration;

use sha2::{Digest, Sha256};
use tokio::time::Instant;
use tokio_postgres::Client;
use tokio_postgres::types::Type;

use super::{Progress, RunError, Runner};
use crate::model::ident::Ident;

/// The pause after the first time that the lock was not free.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
/// No pause is longer.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// Another session that runs revisions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Its backend.
    pub pid: i32,
    /// Its application name.
    pub application: String,
    /// Its user.
    pub user: String,
    /// When it connected, where the server tells.
    pub since: Option<String>,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "pid {}, `{}`, user {}", self.pid, self.application, self.user)?;
        match &self.since {
            Some(since) => write!(f, ", connected since {since}"),
            None => Ok(()),
        }
    }
}

/// The key of the lock. Advisory locks belong to a database, so the ledger's schema is all that
/// tells two apart.
pub(super) fn key(ledger_schema: &Ident) -> i64 {
    let hash = Sha256::digest(format!("aludel runner {}", ledger_schema.as_str()));
    let (bytes, _) = hash.split_first_chunk().expect("SHA-256 has 32 bytes");
    i64::from_be_bytes(*bytes)
}

impl Runner<'_> {
    /// Takes the lock, or waits until it is free.
    pub(super) async fn acquire(&mut self) -> Result<(), RunError> {
        let begun = Instant::now();
        let mut pause = FIRST_PAUSE;
        let mut known = None;
        while !self.try_lock().await? {
            let holder = self.holder().await?;
            if self.settings.lock_wait.is_some_and(|it| begun.elapsed() >= it) {
                return Err(RunError::Locked { holder });
            }
            if holder.is_some() && known != holder {
                known.clone_from(&holder);
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
        let sql = "SELECT pg_catalog.pg_try_advisory_lock($1)";
        let row = self.client.query_typed_one(sql, &[(&self.lock, Type::INT8)]).await;
        Ok(row.map_err(RunError::Server)?.get(0))
    }

    async fn holder(&self) -> Result<Option<Holder>, RunError> {
        let sql = include_str!("queries/lock_holder.sql");
        let row = self.client.query_typed_opt(sql, &[(&self.lock, Type::INT8)]).await;
        Ok(row.map_err(RunError::Server)?.map(|it| Holder {
            pid: it.get("pid"),
            application: it.get("application"),
            user: it.get::<_, Option<String>>("user_name").unwrap_or_default(),
            since: it.get("since"),
        }))
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
