//! Variables of revisions: declared in the header (`-- Variables: tenant, owner=app`), used in the
//! SQL like variables of psql (`:tenant`, `:'tenant'`, `:"tenant"`), given with `-x tenant=…`.
//!
//! Checksums are those of the files as written, not of the values.

use std::collections::BTreeMap;

use thiserror::Error;

use crate::sql_text::interpolated;

/// Values by name.
pub type Variables = BTreeMap<String, String>;

/// A variable of a revision, as its header names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// What it stands for when nobody says.
    pub default: Option<String>,
}

/// A variable that nobody gave a value.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("variable `{name}` has no value: give it with -x {name}=VALUE")]
pub struct UnsetVariable {
    /// Its name.
    pub name: String,
}

impl Variable {
    /// Reads `name` or `name=default`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (name, default) = match text.split_once('=') {
            Some((name, default)) => (name.trim(), Some(default.trim().to_owned())),
            None => (text, None),
        };
        let of_name = |it: char| it.is_ascii_alphanumeric() || it == '_';
        let valid = !name.is_empty() && name.chars().all(of_name);
        valid.then(|| Self { name: name.to_owned(), default })
    }
}

/// The text of a revision's file with its variables put in.
///
/// # Errors
/// When one of them has no value.
pub fn bound(
    variables: &[Variable],
    text: &str,
    values: &Variables,
) -> Result<String, UnsetVariable> {
    if variables.is_empty() {
        return Ok(text.to_owned());
    }
    let mut known: BTreeMap<&str, &str> = BTreeMap::new();
    for Variable { name, default } in variables {
        let value = values.get(name).or(default.as_ref());
        let value = value.ok_or_else(|| UnsetVariable { name: name.clone() })?;
        known.insert(name, value);
    }
    Ok(interpolated(text, |name| known.get(name).copied()))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::file::Header;
    use super::*;

    #[test]
    fn only_named_variables_are_put_in() {
        let text = "-- Revision: a\n-- Variables: owner = app, size\n";
        let header = Header::parse(Path::new("a.up.sql"), text).unwrap();
        let sql = "ALTER TABLE t OWNER TO :\"owner\"; SELECT :size, :other, a[1:n]";
        let values = Variables::from([("size".into(), "7".into()), ("other".into(), "8".into())]);
        assert_eq!(
            bound(&header.variables, sql, &values).unwrap(),
            "ALTER TABLE t OWNER TO \"app\"; SELECT 7, :other, a[1:n]"
        );
        let error = bound(&header.variables, sql, &Variables::new()).unwrap_err();
        assert_eq!(error.to_string(), "variable `size` has no value: give it with -x size=VALUE");
    }
}
