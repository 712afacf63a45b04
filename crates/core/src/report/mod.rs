//! Outcomes as text for people.
//!
//! Reports come in as plain data and go out as strings; nothing is printed here.

pub mod lanes;
pub mod plain;
pub mod snippet;

/// `1 object`, `2 objects`.
#[must_use]
pub fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// Bytes for people: `6.4 GiB`.
#[must_use]
pub fn bytes(number: u64) -> String {
    const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];
    let (mut size, mut shown) = (number as f64, format!("{number} bytes"));
    for unit in UNITS {
        if size < 1024.0 {
            break;
        }
        size /= 1024.0;
        shown = format!("{size:.1} {unit}");
    }
    shown
}

/// A text for XML and HTML, in which control characters can be seen.
#[must_use]
pub fn escaped(text: &str) -> String {
    let visible = |it: char| if it.is_control() { '\u{fffd}' } else { it };
    let text: String = text.chars().map(visible).collect();
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_short() {
        assert_eq!(bytes(12), "12 bytes");
        assert_eq!(bytes(6_900_000_000), "6.4 GiB");
        assert_eq!(bytes(64 << 20), "64.0 MiB");
    }
}
