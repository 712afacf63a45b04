//! Autovacuum that holds a lock: PostgreSQL cancels it on request, while no other session waits.
//!
//! A backend that has waited for `deadlock_timeout` cancels the autovacuum worker that blocks it
//! (manual, "Automatic Vacuuming"; `DS_BLOCKED_BY_AUTOVACUUM` in `ProcSleep` of the server). A
//! statement with our `lock_timeout` never waits that long, and must not: reads and writes queue
//! behind it. LOCK TABLE in SHARE UPDATE EXCLUSIVE MODE conflicts with the worker, but not with
//! reads and writes, so it can wait until the worker is cancelled. The transaction keeps that lock,
//! so that no other worker starts, and then takes the stronger one.

use std::fmt::Write as _;

use super::holder::{Autovacuum, Holder};
use super::stop::Stop;
use super::{Left, Progress, RunError, Runner, Script};
use crate::render::literal;

/// How much longer than `deadlock_timeout` the lock is waited for, in milliseconds: a cancelled worker
/// ends at the next page or tuple that it comes to.
const GRACE: i64 = 2000;

/// The tables whose autovacuum kept a statement waiting.
#[derive(Debug, Default)]
pub(super) struct Asked {
    /// Those that the next try locks first.
    tables: Vec<String>,
    /// Those that the role must not lock.
    refused: Vec<String>,
}

impl Asked {
    /// Stores the autovacuum that holds the lock, and returns what is new.
    fn add(&mut self, holders: &[Holder]) -> Vec<Autovacuum> {
        let mut new = Vec::new();
        for autovacuum in holders.iter().filter_map(|it| it.autovacuum.as_ref()) {
            let Some(table) = &autovacuum.table else { continue };
            if !self.tables.contains(table) && !self.refused.contains(table) {
                self.tables.push(table.clone());
                new.push(autovacuum.clone());
            }
        }
        new
    }

    fn refuse(&mut self) {
        self.refused.append(&mut self.tables);
    }

    /// What a transaction begins with. Partitions have autovacuum of their own, hence ONLY.
    fn sql(&self, waits: &Waits) -> Option<String> {
        if self.tables.is_empty() {
            return None;
        }
        let mut sql = format!("SET LOCAL lock_timeout = {}; ", waits.asking);
        for table in &self.tables {
            let _ = write!(sql, "LOCK TABLE ONLY {table} IN SHARE UPDATE EXCLUSIVE MODE; ");
        }
        let _ = write!(sql, "SET LOCAL lock_timeout = {}", literal(&waits.usual));
        Some(sql)
    }
}

/// How long locks are waited for.
#[derive(Debug)]
pub(super) struct Waits {
    /// By a statement, as PostgreSQL reads it.
    usual: String,
    /// By the LOCK TABLE that stops autovacuum, in milliseconds.
    asking: i64,
}

impl Waits {
    pub(super) fn new(usual: String, deadlock_timeout: i64) -> Self {
        Self { usual, asking: deadlock_timeout.saturating_add(GRACE).min(i32::MAX.into()) }
    }
}

impl Runner<'_> {
    /// Retries at once if autovacuum held the lock and has not been asked to stop yet; else pauses
    /// before a retry, or gives up.
    pub(super) async fn ask_or_retry(
        &mut self,
        stop: Stop,
        retries: &mut u32,
        begun: std::time::Instant,
    ) -> Result<(), RunError> {
        let may_retry = *retries < self.settings.lock_retries && !self.is_interrupted();
        let new = match &stop {
            Stop::Retry(_, failure) if may_retry => self.asked.add(&failure.blockers),
            Stop::Retry(..) | Stop::Fail(_) => Vec::new(),
        };
        if new.is_empty() {
            return self.retry_or_fail(stop, retries, begun).await;
        }
        *retries += 1;
        new.iter().for_each(|autovacuum| self.tell(Progress::Autovacuum { autovacuum }));
        Ok(())
    }

    /// Locks the tables whose autovacuum holds the lock, in a transaction that has just started. Where the
    /// role must not do that, the transaction starts again without.
    pub(super) async fn stop_autovacuum(
        &mut self,
        script: &Script,
        left: Left,
    ) -> Result<(), Stop> {
        let Some(sql) = self.asked.sql(&self.waits) else { return Ok(()) };
        self.begin_now().await?;
        let Err(error) = self.send(&sql).await else { return Ok(()) };
        let stop = self.stop(script, None, &error, left);
        let refused = error.as_db_error().is_some() && !self.is_interrupted();
        if !refused || matches!(stop, Stop::Retry(..)) {
            return Err(stop);
        }
        self.asked.refuse();
        self.roll_back().await;
        Ok(self.begin().await?)
    }

    /// The same before a statement outside of a transaction, which cannot keep the lock.
    pub(super) async fn stop_autovacuum_before(
        &mut self,
        script: &Script,
        left: Left,
    ) -> Result<(), Stop> {
        if self.asked.tables.is_empty() {
            return Ok(());
        }
        self.begin().await?;
        let stopped = self.stop_autovacuum(script, left).await;
        // Nothing was written: this only gives the lock back.
        self.roll_back().await;
        stopped
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holder(autovacuum: Option<&str>) -> Holder {
        let autovacuum = autovacuum.map(|it| Autovacuum {
            table: Some(it.to_owned()).filter(|it| !it.is_empty()),
            prevents_wraparound: false,
        });
        let (application, user) = (String::new(), String::new());
        Holder { pid: 1, application, user, since: None, state: None, query: None, autovacuum }
    }

    #[test]
    fn only_autovacuum_of_a_known_table_is_asked_and_once() {
        let mut asked = Asked::default();
        let new = |asked: &mut Asked, holders: &[Option<&str>]| {
            let holders: Vec<_> = holders.iter().map(|it| holder(*it)).collect();
            let new = asked.add(&holders).into_iter();
            new.filter_map(|it| it.table).collect::<Vec<_>>()
        };
        assert_eq!(new(&mut asked, &[None, Some("")]), [""; 0]);
        assert_eq!(asked.sql(&Waits::new("200ms".into(), 1000)), None);
        assert_eq!(new(&mut asked, &[None, Some("public.t")]), ["public.t"]);
        assert_eq!(new(&mut asked, &[Some("public.t"), Some("s.\"U\"")]), ["s.\"U\""]);
        asked.refuse();
        assert_eq!(new(&mut asked, &[Some("public.t")]), [""; 0]);
        assert_eq!(asked.sql(&Waits::new("200ms".into(), 1000)), None);
    }

    #[test]
    fn the_lock_waits_for_longer_than_deadlock_timeout_and_the_rest_as_before() {
        let asked = Asked { tables: vec!["public.t".into(), "s.u".into()], refused: Vec::new() };
        assert_eq!(
            asked.sql(&Waits::new("1's".into(), 1000)).unwrap(),
            "SET LOCAL lock_timeout = 3000; \
             LOCK TABLE ONLY public.t IN SHARE UPDATE EXCLUSIVE MODE; \
             LOCK TABLE ONLY s.u IN SHARE UPDATE EXCLUSIVE MODE; \
             SET LOCAL lock_timeout = '1''s'"
        );
    }
}
