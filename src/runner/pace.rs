//! The size of the next batch and the pause before it, from the course of the last one.

use std::time::Duration;

use crate::sql_text::Batches;

/// A batch holds its row locks until its end: one that takes longer than this is followed by a
/// smaller one.
const LONGEST_BATCH: Duration = Duration::from_millis(200);
/// One that takes no longer than this, by a larger one.
const SHORT_BATCH: Duration = Duration::from_millis(100);
/// The first batch has no more rows: nobody knows yet what a row costs. Under an HNSW index that may be
/// milliseconds.
const FIRST_ROWS: u32 = 100;
/// The least part of the rows that were wanted.
const LEAST_PART: u32 = 100;
/// The pause after a batch for which others had to wait. It grows once batches get no smaller: on a busy
/// table somebody always waits, and the statement has to come to its end.
const FIRST_YIELD: Duration = Duration::from_millis(100);
const LONGEST_YIELD: Duration = Duration::from_secs(1);

/// The pace of a statement in batches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pace {
    wanted: Batches,
    /// How many rows the next batch takes at most.
    pub(super) rows: u32,
    /// How long to pause for the sake of others.
    yielding: Duration,
}

impl Pace {
    pub(super) fn new(wanted: Batches) -> Self {
        Self { rows: wanted.rows.min(FIRST_ROWS), yielding: Duration::ZERO, wanted }
    }

    /// A batch is done.
    pub(super) fn done(&mut self, took: Duration, others_wait: bool) {
        self.yielding = match others_wait {
            true if self.rows > self.least() => FIRST_YIELD,
            true => self.yielding.saturating_mul(2).clamp(FIRST_YIELD, LONGEST_YIELD),
            false => Duration::ZERO,
        };
        if others_wait || took > LONGEST_BATCH {
            self.shrink();
        } else if took <= SHORT_BATCH {
            self.rows = self.rows.saturating_mul(2).min(self.wanted.rows);
        }
    }

    /// A batch was refused for a lock of others: with fewer rows it meets fewer of them. The first ones may
    /// have fewer than the least part already.
    pub(super) fn shrink(&mut self) {
        self.rows = (self.rows / 2).max(self.least().min(self.rows));
    }

    fn least(&self) -> u32 {
        self.wanted.rows.div_ceil(LEAST_PART)
    }

    /// How long to pause before the next batch.
    pub(super) fn pause(&self) -> Duration {
        self.wanted.pause + self.yielding
    }
}

/// Replicas may be this far behind.
const LAG_LIMIT: Duration = Duration::from_secs(10);
/// How long they are waited for.
const LAG_PATIENCE: Duration = Duration::from_secs(60);

/// Waiting for replicas. One that is meant to be behind (`recovery_min_apply_delay`) never comes near.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Replicas {
    /// For how long they have been waited for.
    waited: Duration,
    is_given_up: bool,
}

/// What to do about the replicas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Advice {
    /// Continue.
    GoOn,
    /// Wait briefly, and check again.
    Wait,
    /// Continue, without further checks.
    GiveUp,
}

impl Replicas {
    /// Whether there is any use in looking.
    pub(super) fn is_of_use(&self) -> bool {
        !self.is_given_up
    }

    /// They were seen to be so far behind; the last look was so long ago, if one has just been waited for.
    pub(super) fn seen(&mut self, lag: Duration, since: Option<Duration>) -> Advice {
        if lag <= LAG_LIMIT {
            self.waited = Duration::ZERO;
            return Advice::GoOn;
        }
        self.waited += since.unwrap_or_default();
        self.is_given_up = self.waited >= LAG_PATIENCE;
        if self.is_given_up { Advice::GiveUp } else { Advice::Wait }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pace() -> Pace {
        let pause = Duration::from_millis(5);
        Pace::new(Batches { by: vec!["id".into()], rows: 1000, pause })
    }

    /// The rows after batches that took so many milliseconds.
    #[track_caller]
    fn check(took: &[u64], expected: u32) {
        let mut pace = pace();
        took.iter().for_each(|it| pace.done(Duration::from_millis(*it), false));
        assert_eq!((pace.rows, pace.pause()), (expected, Duration::from_millis(5)), "{took:?}");
    }

    #[test]
    fn batches_fit_the_time() {
        check(&[], 100);
        check(&[10], 200);
        check(&[10, 10, 10, 10, 10], 1000);
        check(&[201], 50);
        check(&[500, 500, 500, 500, 500], 10);
        check(&[500, 150], 50);
        check(&[500, 500, 50], 50);
        let mut one = Pace::new(Batches { rows: 1, ..pace().wanted });
        one.shrink();
        assert_eq!(one.rows, 1);
        let mut many = Pace::new(Batches { rows: 1_000_000, ..pace().wanted });
        many.shrink();
        assert_eq!(many.rows, 100, "no more than before");
    }

    #[test]
    fn others_are_given_time() {
        let mut pace = pace();
        let pauses = (0..9).map(|_| {
            pace.done(Duration::from_millis(10), true);
            pace.pause().as_millis()
        });
        let pauses: Vec<_> = pauses.collect();
        assert_eq!(pauses, [105, 105, 105, 105, 205, 405, 805, 1005, 1005]);
        assert_eq!(pace.rows, 10);
        pace.done(Duration::from_millis(10), false);
        assert_eq!((pace.rows, pace.pause().as_millis()), (20, 5));
    }

    #[test]
    fn replicas_are_waited_for_but_not_for_ever() {
        let second = Duration::from_secs(1);
        let mut replicas = Replicas::default();
        assert_eq!(replicas.seen(LAG_LIMIT, None), Advice::GoOn);
        assert_eq!(replicas.seen(LAG_LIMIT + second, None), Advice::Wait);
        assert_eq!(replicas.seen(LAG_LIMIT + second, Some(second)), Advice::Wait);
        assert_eq!(replicas.seen(second, Some(second)), Advice::GoOn);
        let looks = (0..70).map(|_| replicas.seen(LAG_LIMIT * 9, Some(second)));
        let looks: Vec<_> = looks.take_while(|it| *it == Advice::Wait).collect();
        assert_eq!((looks.len(), replicas.is_of_use()), (59, false));
    }
}
