//! Shares of a time.

use std::time::{Duration, Instant};

/// A time that ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clock {
    end: Instant,
}

impl Clock {
    /// From now on.
    pub(super) fn start(time: Duration) -> Self {
        Self { end: Instant::now() + time }
    }

    /// What is left.
    pub(super) fn left(&self) -> Duration {
        self.end.saturating_duration_since(Instant::now())
    }

    /// Whether nothing is left.
    pub(super) fn is_over(&self) -> bool {
        self.left().is_zero()
    }

    /// A part of what is left.
    pub(super) fn share(&self, of: usize) -> Self {
        let parts = u32::try_from(of.max(1)).unwrap_or(u32::MAX);
        Self::start(self.left() / parts)
    }
}

/// As numbers of reports are.
pub(super) fn milliseconds(it: Duration) -> f64 {
    it.as_secs_f64() * 1000.0
}
