//! Outcomes as text for people.
//!
//! Reports come in as plain data and go out as strings; nothing is printed here.

pub mod lanes;
pub mod plain;
pub mod snippet;
