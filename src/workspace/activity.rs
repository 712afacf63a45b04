//! The current activity, set where a step can take long, and printed by the command line.

use tokio::sync::watch;

/// What is being done.
#[derive(Debug)]
pub struct Activity(watch::Sender<String>);

/// Something that is being done, until this is dropped.
#[derive(Debug)]
#[must_use]
pub(crate) struct Doing<'a> {
    activity: &'a Activity,
    before: String,
}

impl Activity {
    pub(super) fn new() -> Self {
        Self(watch::Sender::new(String::new()))
    }

    /// Says what is begun: `connecting to …`.
    pub(crate) fn begin(&self, what: impl Into<String>) -> Doing<'_> {
        Doing { activity: self, before: self.0.send_replace(what.into()) }
    }

    /// What is being done now and later; empty where nothing takes long.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<String> {
        self.0.subscribe()
    }
}

impl Drop for Doing<'_> {
    fn drop(&mut self) {
        self.activity.0.send_replace(std::mem::take(&mut self.before));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_within_something_else_ends_before_it() {
        let activity = Activity::new();
        let now = activity.watch();
        let outer = activity.begin("a");
        let inner = activity.begin("b");
        assert_eq!(*now.borrow(), "b");
        drop(inner);
        assert_eq!(*now.borrow(), "a");
        drop(outer);
        assert_eq!(*now.borrow(), "");
    }
}
