//! Sessions that tell of each statement, for logs, traces and metrics.

use std::fmt;
use std::sync::Arc;

use deadpool_postgres::StatementCache;

use super::session::{Executed, Local, Session, Watcher};

/// A session that calls a function after each of its statements.
pub struct Watched<C> {
    session: C,
    watcher: Watcher,
}

/// Calls a function after each statement of a session.
///
/// ```ignore
/// let mut db = support::watched(pool.get().await?, |it| {
///     tracing::debug!(sql = it.sql, elapsed = ?it.elapsed, result = ?it.result);
/// });
/// ```
pub fn watched<C: Session>(
    session: C,
    watcher: impl Fn(&Executed<'_>) + Send + Sync + 'static,
) -> Watched<C> {
    Watched {
        session,
        watcher: Arc::new(watcher),
    }
}

impl<C: fmt::Debug> fmt::Debug for Watched<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Watched").field(&self.session).finish()
    }
}

impl<C: Session> Session for Watched<C> {
    type Client = C::Client;
    const OPEN: &'static str = C::OPEN;
    const CLOSE: &'static str = C::CLOSE;
    const BEGIN: &'static str = C::BEGIN;
    const COMMIT: &'static str = C::COMMIT;
    const RETRY: bool = C::RETRY;
    fn client(&self) -> &C::Client {
        self.session.client()
    }
    fn client_mut(&mut self) -> &mut C::Client {
        self.session.client_mut()
    }
    fn statements(&self) -> &StatementCache {
        self.session.statements()
    }
    fn local(&self) -> Option<&Local> {
        self.session.local()
    }
    fn watcher(&self) -> Option<&Watcher> {
        Some(&self.watcher)
    }
}
