//! Timestamps of revisions: RFC 3339 in UTC, to the second.

use std::fmt;

/// By how many seconds the clocks of two machines may differ without anybody seeing to it.
const CLOCKS_DIFFER: i64 = 60;

/// A second in UTC. `Display` writes `2026-11-22T08:00:00Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    year: i64,
    month: u8,
    day: u8,
    hour: u8,
    minute: u8,
    second: u8,
}

impl Timestamp {
    /// From the seconds since 1970, as a clock gives them.
    #[must_use]
    pub fn from_unix(seconds: i64) -> Self {
        let (year, month, day) = civil(seconds.div_euclid(86_400));
        let part = |divisor: i64, modulus: i64| -> u8 {
            let value = seconds.div_euclid(divisor).rem_euclid(modulus);
            u8::try_from(value).expect("hours, minutes and seconds are below 60")
        };
        Self { year, month, day, hour: part(3600, 24), minute: part(60, 60), second: part(1, 60) }
    }

    /// The seconds since 1970.
    #[must_use]
    pub fn unix(&self) -> i64 {
        let time = (i64::from(self.hour) * 60 + i64::from(self.minute)) * 60;
        days(self.year, self.month, self.day) * 86_400 + time + i64::from(self.second)
    }

    /// When something is made that comes after what was made `before`, by a clock that says `now`: a second
    /// later than that where it is as new. A clock that is far behind is left as it is.
    #[must_use]
    pub fn after(now: i64, before: impl IntoIterator<Item = Self>) -> Self {
        let earliest = before.into_iter().map(|it| it.unix() + 1).max().unwrap_or(now);
        let is_near = earliest - now <= CLOCKS_DIFFER;
        Self::from_unix(if is_near { now.max(earliest) } else { now })
    }

    /// Reads what `Display` writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = |range: std::ops::Range<usize>| -> Option<u8> {
            let part = text.get(range)?;
            part.bytes().all(|it| it.is_ascii_digit()).then(|| part.parse().ok())?
        };
        let shape: String =
            text.chars().map(|it| if it.is_ascii_digit() { '0' } else { it }).collect();
        if shape != "0000-00-00T00:00:00Z" {
            return None;
        }
        let parsed = Self {
            year: text[..4].parse().ok()?,
            month: digits(5..7)?,
            day: digits(8..10)?,
            hour: digits(11..13)?,
            minute: digits(14..16)?,
            second: digits(17..19)?,
        };
        let days = days_in(parsed.year, parsed.month)?;
        let valid = (1..=days).contains(&parsed.day)
            && parsed.hour < 24
            && parsed.minute < 60
            && parsed.second < 60;
        valid.then_some(parsed)
    }

    /// The day, as file names have it: `20261122`.
    #[must_use]
    pub fn date(&self) -> String {
        format!("{:04}{:02}{:02}", self.year, self.month, self.day)
    }

    /// The time of day, as file names have it: `080000`.
    #[must_use]
    pub fn time(&self) -> String {
        format!("{:02}{:02}{:02}", self.hour, self.minute, self.second)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { year, month, day, hour, minute, second } = self;
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }
}

/// The date of a day counted from 1970-01-01 (the `civil_from_days` of Howard Hinnant's
/// "chrono-Compatible Low-Level Date Algorithms"): years begin in March, eras last 400 years.
fn civil(days: i64) -> (i64, u8, u8) {
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    let small = |it: i64| u8::try_from(it).expect("days and months are below 32");
    (year, small(month), small(day))
}

/// The days from 1970-01-01 to a date (`days_from_civil` there).
fn days(year: i64, month: u8, day: u8) -> i64 {
    let year = year - i64::from(month <= 2);
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let march_month = (i64::from(month) + 9) % 12;
    let day_of_year = (153 * march_month + 2) / 5 + i64::from(day) - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

fn days_in(year: i64, month: u8) -> Option<u8> {
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
        4 | 6 | 9 | 11 => Some(30),
        2 => Some(if leap { 29 } else { 28 }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn from_the_clock() {
        let shown = |seconds| Timestamp::from_unix(seconds).to_string();
        assert_eq!(shown(0), "1970-01-01T00:00:00Z");
        assert_eq!(shown(951_827_696), "2000-02-29T12:34:56Z");
        assert_eq!(shown(1_795_334_400), "2026-11-22T08:00:00Z");
        assert_eq!(shown(-1), "1969-12-31T23:59:59Z");
        assert_eq!(Timestamp::from_unix(1_795_334_400).date(), "20261122");
    }

    #[test]
    fn to_the_clock() {
        for seconds in [0, -1, 951_827_696, 1_795_334_400, 4_107_542_399, -62_135_596_800] {
            assert_eq!(Timestamp::from_unix(seconds).unix(), seconds);
        }
    }

    #[test]
    fn what_comes_after_is_later() {
        let at = Timestamp::from_unix;
        assert_eq!(Timestamp::after(100, []), at(100));
        assert_eq!(Timestamp::after(100, [at(90), at(99)]), at(100));
        assert_eq!(Timestamp::after(100, [at(100), at(90)]), at(101));
        assert_eq!(Timestamp::after(100, [at(159)]), at(160));
        assert_eq!(Timestamp::after(100, [at(160)]), at(100), "a clock that is wrong");
    }

    #[test]
    fn reads_what_it_writes() {
        let text = "2024-02-29T23:59:59Z";
        assert_eq!(Timestamp::parse(text).unwrap().to_string(), text);
        for wrong in [
            "",
            "2024-02-30T00:00:00Z",
            "2023-02-29T00:00:00Z",
            "2024-13-01T00:00:00Z",
            "2024-00-01T00:00:00Z",
            "2024-01-01T24:00:00Z",
            "2024-01-01 00:00:00",
            "2024-01-01T00:00:00+01:00",
            "２024-01-01T00:00:00Z",
        ] {
            assert_eq!(Timestamp::parse(wrong), None, "{wrong}");
        }
    }
}
