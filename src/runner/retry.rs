//! Retries: which errors are retried, and after how long.

use std::time::Duration;

use tokio_postgres::error::SqlState;

/// The pause before the first retry, without its random part.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
/// No pause is longer.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// Whether a refusal comes from what others do at the moment, and has undone all that was done.
pub(super) fn is_worth_retrying(code: &SqlState) -> bool {
    *code == SqlState::LOCK_NOT_AVAILABLE
        || *code == SqlState::T_R_DEADLOCK_DETECTED
        || *code == SqlState::T_R_SERIALIZATION_FAILURE
}

/// The pause before the retry of this number, counted from zero: twice as long each time, of which
/// up to a half is left out at random, so that it does not keep step with what others do at
/// regular times.
pub(super) fn pause(retry: u32, random: u64) -> Duration {
    let whole = FIRST_PAUSE.saturating_mul(2_u32.saturating_pow(retry)).min(LONGEST_PAUSE);
    let half = whole / 2;
    let steps = u64::try_from(half.as_micros()).unwrap_or(u64::MAX).max(1);
    whole - Duration::from_micros(random % steps)
}

/// A pause of its own for each call. Without randomness it is the whole one.
pub(super) fn random_pause(retry: u32) -> Duration {
    pause(retry, getrandom::u64().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow() {
        let shown: Vec<_> = (0..9).map(|it| pause(it, 0).as_millis()).collect();
        assert_eq!(shown, [100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000]);
        assert_eq!(pause(u32::MAX, 0), LONGEST_PAUSE);
    }

    #[test]
    fn pauses_vary_by_a_half() {
        assert_eq!(pause(0, 49_999), Duration::from_micros(50_001));
        assert_eq!(pause(0, 50_000), Duration::from_millis(100));
        for random in [1, 77, u64::MAX] {
            let pause = pause(20, random);
            assert!(LONGEST_PAUSE / 2 <= pause && pause <= LONGEST_PAUSE, "{pause:?}");
        }
    }
}
