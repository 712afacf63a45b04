//! The data that a revision loses, and the consent to it in its header.
//!
//! What is lost is named as SQL: `column docs.note`. The header `Allows: data-loss (column docs.note, table old)`
//! consents to exactly that. The two are compared as text.

use std::fmt;

use serde::Serialize;

/// The word of the header for data that is lost, and of `--allow`.
pub const DATA_LOSS: &str = "data-loss";

/// Something that holds data and is lost: `column docs.note`, `rows of table docs`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Loss(String);

impl Loss {
    /// A table, a column, a materialized view or a sequence that is dropped, as SQL.
    #[must_use]
    pub fn of_object(object: impl fmt::Display) -> Self {
        Self(object.to_string())
    }

    /// Rows of a table that stays.
    #[must_use]
    pub fn of_rows(table: impl fmt::Display) -> Self {
        Self(format!("rows of table {table}"))
    }

    /// Values of a column that stays, or that another one takes the place of.
    #[must_use]
    pub fn of_values(column: impl fmt::Display) -> Self {
        Self(format!("values of column {column}"))
    }

    /// The current value of a sequence that stays.
    #[must_use]
    pub fn of_position(sequence: impl fmt::Display) -> Self {
        Self(format!("current value of sequence {sequence}"))
    }

    /// Reads one back; a text that names nothing that can be lost is kept as it is.
    #[must_use]
    pub fn named(text: &str) -> Self {
        Self(text.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// As it stands in a header.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a revision loses in each direction.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Losses {
    /// What its up file loses.
    pub up: Vec<Loss>,
    /// What its down file loses.
    pub down: Vec<Loss>,
}

/// Reads `data-loss (column docs.note, table old)`. None where it is something else.
#[must_use]
pub fn parse_allowed(text: &str) -> Option<Vec<Loss>> {
    let list = text.trim().strip_prefix(DATA_LOSS)?.trim();
    let losses = parse_list(list.strip_prefix('(')?.strip_suffix(')')?);
    (!losses.is_empty()).then_some(losses)
}

/// The value of the header, for losses.
#[must_use]
pub fn shown_allowed(losses: &[Loss]) -> String {
    format!("{DATA_LOSS} ({})", shown_list(losses))
}

/// A list by commas; a comma in a quoted name separates nothing.
#[must_use]
pub fn parse_list(text: &str) -> Vec<Loss> {
    let mut quoted = false;
    let separates = |it: char| {
        quoted ^= it == '"';
        it == ',' && !quoted
    };
    let parts = text.split(separates).map(str::trim).filter(|it| !it.is_empty());
    parts.map(Loss::named).collect()
}

/// The same as text.
#[must_use]
pub fn shown_list(losses: &[Loss]) -> String {
    losses.iter().map(Loss::as_str).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_allowed_is_read_as_it_is_written() {
        let losses = vec![
            Loss::of_object("column docs.note"),
            Loss::of_rows("shop.\"odd, name\""),
            Loss::of_values("docs.v"),
        ];
        let text = shown_allowed(&losses);
        assert_eq!(
            text,
            "data-loss (column docs.note, rows of table shop.\"odd, name\", values of column docs.v)"
        );
        assert_eq!(parse_allowed(&text), Some(losses));
    }

    #[test]
    fn consent_without_an_object_is_none() {
        for text in ["data-loss", "data-loss ()", "everything", "data-loss column docs.note", ""] {
            assert_eq!(parse_allowed(text), None, "{text}");
        }
    }
}
