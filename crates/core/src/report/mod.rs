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
