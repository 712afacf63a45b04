//! Sessions that tell of each statement, for logs, traces and metrics.

use std::fmt;
use std::sync::Arc;

use super::session::{Around, Executed, Session, Watcher};

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

impl<C: Session> Around for Watched<C> {
    type Inner = C;
    fn inner(&self) -> &C {
        &self.session
    }
    fn inner_mut(&mut self) -> &mut C {
        &mut self.session
    }
    fn outer_watcher(&self) -> Option<&Watcher> {
        Some(&self.watcher)
    }
}
