//! Lengths of time, as PostgreSQL writes them.

use std::time::Duration;

/// A length of time with its unit, as PostgreSQL writes them; zero needs none.
#[must_use]
pub fn parse_duration(text: &str) -> Option<Duration> {
    let text = text.trim();
    let end = text.find(|it: char| !it.is_ascii_digit()).unwrap_or(text.len());
    let number: u64 = text[..end].parse().ok()?;
    let millis = match text[end..].trim_start() {
        "" if number == 0 => 0,
        "ms" => 1,
        "s" => 1_000,
        "min" | "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    };
    // The server counts milliseconds in 31 bits.
    number.checked_mul(millis).filter(|it| i32::try_from(*it).is_ok()).map(Duration::from_millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_units() {
        let millis = |text: &str| parse_duration(text).map(|it| it.as_millis());
        assert_eq!(millis("0"), Some(0));
        assert_eq!(millis("500ms"), Some(500));
        assert_eq!(millis("3s"), Some(3_000));
        assert_eq!(millis("2 min"), Some(120_000));
        assert_eq!(millis("1h"), Some(3_600_000));
        for wrong in ["", "3", "s", "-1s", "1.5s", "3 weeks", "99999d"] {
            assert_eq!(millis(wrong), None, "{wrong}");
        }
    }
}
