//! A lock_timeout that does not protect.

use crate::review::context::Context;
use crate::review::facts::{FactsSource, ReviewedStatement};
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};
use crate::review::rules::lock_timeout_missing::awaited;

pub(super) static RULE: Rule = Rule {
    code: "lock-timeout-long",
    name: "lock-timeout-long",
    severity: Severity::Warning,
    summary: "lock_timeout is 0 or longer than half a minute",
    what: "0 disables the timeout. For as long as a statement waits for a strong lock, all \
            queries on the table queue behind it.",
    waits: "Everyone who uses the table, for as long as lock_timeout says.",
    safer: "A few seconds, and more attempts.",
    bad: "SET lock_timeout = '10min';",
    good: "SET lock_timeout = '2s';",
    grows: false,
    check,
};

/// The longest time that users are to wait, in milliseconds.
const LONGEST: u64 = 30_000;

fn check(it: &Context<'_>) -> Vec<Finding> {
    let Some(value) = it.set_here("lock_timeout") else { return Vec::new() };
    let is_known = |it: &ReviewedStatement| !matches!(it.facts.source, FactsSource::Unknown(_));
    let mut governed = it.governed("lock_timeout");
    if governed.all(|it| is_known(it) && awaited(it).is_none()) {
        return Vec::new();
    }
    let message = match milliseconds(&value) {
        Some(0) => "lock_timeout = 0 disables the timeout".to_owned(),
        Some(time) if time > LONGEST => {
            format!("lock_timeout = {value}: all queries on a table can queue for as long")
        }
        _ => return Vec::new(),
    };
    vec![Finding::new(message).safer("SET lock_timeout = '2s'")]
}

/// A duration of a setting whose unit is milliseconds (manual, "Parameter Names and Values").
fn milliseconds(text: &str) -> Option<u64> {
    let text = text.trim();
    let digits = text.len() - text.trim_start_matches(|it: char| it.is_ascii_digit()).len();
    let (number, unit) = text.split_at(digits);
    let factor = match unit.trim() {
        "" | "ms" => 1,
        "s" => 1_000,
        "min" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(factor)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::LockLevel;
    use crate::review::testing::{Case, T, sql};

    fn before_a_lock(text: &str) -> Case {
        sql(text).has(T).then("alter table t add x int").locks(LockLevel::AccessExclusive, "t")
    }

    #[test]
    fn fires() {
        before_a_lock("set lock_timeout = 0").fires(&RULE, "lock_timeout = 0 disables the timeout");
        before_a_lock("set local lock_timeout to '10min'").fires(&RULE, "lock_timeout = 10min");
        before_a_lock("select set_config('lock_timeout', '1h', false)")
            .fires(&RULE, "lock_timeout = 1h");
    }

    #[test]
    fn stays_quiet() {
        before_a_lock("set lock_timeout = '5s'").stays_quiet(&RULE);
        sql("set lock_timeout = 0")
            .then("create table t ()")
            .makes(T)
            .locks(LockLevel::AccessExclusive, "t")
            .then("set lock_timeout = '2s'")
            .then("alter table other add x int")
            .locks(LockLevel::AccessExclusive, "other")
            .stays_quiet(&RULE);
    }
}
