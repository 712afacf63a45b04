//! How names of two and three parts are written in keys and values, and read back.
//!
//! Names are written as the catalog stores them: case is significant. Parts are separated by dots; a
//! part with a dot or a double quote is written in double quotes, as in SQL:
//! `billing.invoices`, `billing."Odd.Name"`, `"say ""hi"""`.

use crate::model::definition::{DefinedKind, Naming};
use crate::model::ident::{Ident, MAX_IDENT_BYTES, PUBLIC, QualifiedName};

/// Why a text is no name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum NameError {
    /// A name without letters.
    #[error("the name is empty")]
    Empty,
    /// A name that PostgreSQL would cut.
    #[error("the name `{0}` has {len} bytes; the maximum in PostgreSQL is {MAX_IDENT_BYTES}", len = .0.len())]
    Long(String),
    /// A name with a byte that no name can have.
    #[error("a name cannot contain a NUL byte")]
    Zero,
    /// More dots than parts.
    #[error("the name `{0}` has more than {1} parts")]
    Parts(String, usize),
    /// A double quote without its partner, or in the middle.
    #[error("the name `{0}` has a stray double quote")]
    Quote(String),
}

impl NameError {
    /// What to do about it.
    pub(super) fn help(&self) -> Option<&'static str> {
        match self {
            Self::Parts(..) => Some("write a part with a dot in double quotes: `'ns.\"a.b\"'`"),
            Self::Quote(_) => Some("double a double quote inside a name, as in SQL"),
            Self::Empty | Self::Long(_) | Self::Zero => None,
        }
    }
}

/// A name of one part, taken as it is.
pub(super) fn ident(text: &str) -> Result<Ident, NameError> {
    match text {
        "" => Err(NameError::Empty),
        _ if text.len() > MAX_IDENT_BYTES => Err(NameError::Long(text.to_owned())),
        _ if text.contains('\0') => Err(NameError::Zero),
        _ => Ok(Ident::new(text)),
    }
}

/// A name with or without its namespace.
pub(super) fn qualified(text: &str, default: &Ident) -> Result<QualifiedName, NameError> {
    let mut parts = parts(text, 2)?;
    let name = parts.pop().ok_or(NameError::Empty)?;
    let namespace = parts.pop().unwrap_or_else(|| default.clone());
    Ok(QualifiedName { namespace, name })
}

/// The parts of a name, at most so many.
pub(super) fn parts(text: &str, most: usize) -> Result<Vec<Ident>, NameError> {
    let mut parts = Vec::new();
    let mut rest = text;
    loop {
        let (part, after) = part(rest).ok_or_else(|| NameError::Quote(text.to_owned()))?;
        parts.push(ident(&part)?);
        match after.strip_prefix('.') {
            Some(after) => rest = after,
            None if after.is_empty() => break,
            None => return Err(NameError::Quote(text.to_owned())),
        }
    }
    if parts.len() > most {
        return Err(NameError::Parts(text.to_owned(), most));
    }
    Ok(parts)
}

/// The first part, and what follows it; none where a quote is astray.
fn part(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find('.').unwrap_or(text.len());
        let (part, rest) = text.split_at(end);
        return (!part.contains('"')).then(|| (part.to_owned(), rest));
    };
    let mut name = String::new();
    let mut rest = quoted;
    loop {
        let (before, after) = rest.split_once('"')?;
        name.push_str(before);
        match after.strip_prefix('"') {
            Some(after) => {
                name.push('"');
                rest = after;
            }
            None => return Some((name, after)),
        }
    }
}

/// The namespace in the key of a definition; none where its kind has none, or the key is bad.
pub(super) fn namespace_of_key(kind: DefinedKind, key: &str) -> Option<Ident> {
    let name = match kind {
        DefinedKind::Operator => {
            let head = key.split('(').next().unwrap_or_default();
            let namespace = head.rsplit_once('.').map_or(PUBLIC, |it| it.0);
            return Some(Ident::new(namespace.trim_matches('"')));
        }
        DefinedKind::OperatorClass | DefinedKind::OperatorFamily => key.split(" USING ").next()?,
        DefinedKind::Function | DefinedKind::Procedure | DefinedKind::Aggregate => {
            key.split('(').next()?
        }
        _ if kind.form().naming != Naming::Name || kind.is_unqualified() => return None,
        _ => key,
    };
    qualified(name.trim(), &Ident::public()).ok().map(|it| it.namespace)
}

/// Writes a name with its namespace; `public` stays away.
pub(super) fn write_qualified(name: &QualifiedName) -> String {
    let part = write_part(&name.name);
    if name.namespace == Ident::public() {
        part
    } else {
        format!("{}.{part}", write_part(&name.namespace))
    }
}

/// Writes one part of a name.
pub(super) fn write_part(part: &Ident) -> String {
    let text = part.as_str();
    if text.contains(['.', '"']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(written: &str, namespace: &str, name: &str) {
        let read = qualified(written, &Ident::public()).expect("a name");
        assert_eq!(read, QualifiedName::new(namespace, name));
        assert_eq!(write_qualified(&read), written, "a written name is read again");
    }

    #[test]
    fn dots_divide_unless_quoted() {
        check("users", "public", "users");
        check("billing.invoices", "billing", "invoices");
        check("billing.\"Odd.Name\"", "billing", "Odd.Name");
        check("\"a.b\"", "public", "a.b");
        check("\"say \"\"hi\"\"\"", "public", "say \"hi\"");
        check("With Space", "public", "With Space");
    }

    #[test]
    fn what_is_no_name() {
        let error = |text: &str| qualified(text, &Ident::public()).expect_err("no name");
        assert_eq!(error(""), NameError::Empty);
        assert_eq!(error("a."), NameError::Empty);
        assert_eq!(error("a.b.c"), NameError::Parts("a.b.c".to_owned(), 2));
        assert_eq!(error("\"a"), NameError::Quote("\"a".to_owned()));
        assert_eq!(error("a\"b"), NameError::Quote("a\"b".to_owned()));
        assert_eq!(error(&"x".repeat(64)), NameError::Long("x".repeat(64)));
    }
}
