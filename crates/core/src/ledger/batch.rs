//! The progress of an UPDATE in batches: a part of the row of its revision, so that it is committed
//! together with the rows of a batch.

use serde_json::{Value, json};

/// How far it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchProgress {
    /// The line of the statement in its file, counted from one.
    pub line: usize,
    /// The table as SQL, every part of its name quoted.
    pub table: String,
    /// The columns of the key.
    pub by: Vec<String>,
    /// The last key that is done, as PostgreSQL prints it.
    pub last: Vec<String>,
    /// The last key that there was when the statement began.
    pub until: Vec<String>,
    /// How many rows were updated.
    pub rows: u64,
}

impl BatchProgress {
    /// Whether it is that of a statement which is cut in the same way, so that this can continue after the
    /// last key.
    #[must_use]
    pub fn is_of(&self, table: &str, by: &[String]) -> bool {
        self.table == table && self.by == by
    }

    /// The last key that is done, for people: `id 500`, or `(tenant, id) (3, 500)`.
    #[must_use]
    pub fn reached(&self) -> String {
        match (self.by.as_slice(), self.last.as_slice()) {
            ([column], [value]) => format!("{column} {value}"),
            (by, last) => format!("({}) ({})", by.join(", "), last.join(", ")),
        }
    }
}

/// What the ledger stores of the segments that are done: their digest and, behind a space, how far the
/// statement in batches after them is. An older aludel takes the whole for a digest that it does not know,
/// and goes no further.
#[must_use]
pub fn stored(digest: &str, batch: Option<&BatchProgress>) -> String {
    let Some(BatchProgress { line, table, by, last, until, rows }) = batch else {
        return digest.to_owned();
    };
    let batch = json!({
        "line": line, "table": table, "by": by, "last": last, "until": until, "rows": rows,
    });
    format!("{digest} {batch}")
}

/// The digest and the batches of what the ledger stores; None where that makes no sense.
#[must_use]
pub fn read(text: &str) -> Option<(String, Option<BatchProgress>)> {
    let Some((digest, batch)) = text.split_once(' ') else { return Some((text.to_owned(), None)) };
    let batch: Value = serde_json::from_str(batch).ok()?;
    let texts = |key: &str| {
        let values = batch.get(key)?.as_array()?.iter();
        values.map(|it| it.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>()
    };
    let batch = BatchProgress {
        line: usize::try_from(batch.get("line")?.as_u64()?).ok()?,
        table: batch.get("table")?.as_str()?.to_owned(),
        by: texts("by")?,
        last: texts("last")?,
        until: texts("until")?,
        rows: batch.get("rows")?.as_u64()?,
    };
    Some((digest.to_owned(), Some(batch)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_is_read_again() {
        let texts = |it: &[&str]| it.iter().map(|it| (*it).to_owned()).collect();
        let mut batch = BatchProgress {
            line: 7,
            table: "\"public\".\"docs\"".into(),
            by: texts(&["id"]),
            last: texts(&["it's \"500\""]),
            until: texts(&["900"]),
            rows: 500,
        };
        let text = stored("ab", Some(&batch));
        assert!(text.starts_with("ab {\""), "{text}");
        assert_eq!(read(&text), Some(("ab".into(), Some(batch.clone()))));
        assert_eq!(read("ab"), Some(("ab".into(), None)));
        assert_eq!(read(&stored("ab", None)), Some(("ab".into(), None)));
        for wrong in ["ab x", "ab {}", "ab "] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
        assert_eq!(batch.reached(), "id it's \"500\"");
        (batch.by, batch.last) = (texts(&["a", "b"]), texts(&["1", "2"]));
        assert_eq!(batch.reached(), "(a, b) (1, 2)");
    }
}
