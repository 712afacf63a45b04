//! Trying again: what is worth it, and how long to wait before.

use std::time::Duration;

use tokio_postgres::error::SqlState;

/// The pause before the first retry.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
/// No pause is longer.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// Whether a refusal comes from what others do at the moment, and has undone all that was done.
pub(super) fn is_worth_retrying(code: &SqlState) -> bool {
    *code == SqlState::LOCK_NOT_AVAILABLE || *code == SqlState::T_R_DEADLOCK_DETECTED
}

/// The pause before the retry of this number, counted from zero: twice as long each time.
pub(super) fn pause(retry: u32) -> Duration {
    FIRST_PAUSE.saturating_mul(2_u32.saturating_pow(retry)).min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow() {
        let shown: Vec<_> = (0..9).map(|it| pause(it).as_millis()).collect();
        assert_eq!(shown, [100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000]);
        assert_eq!(pause(u32::MAX), LONGEST_PAUSE);
    }
}
