//! Printed text: outer parentheses, storage parameters, types.

use super::CatalogError;
use crate::model::options::Options;
use crate::model::parameters::is_internal;
use crate::model::pg_type::PgType;

/// Takes off the parentheses that enclose a whole printed expression.
pub(super) fn without_outer_parentheses(text: &str) -> &str {
    let mut text = text;
    while let Some(inside) = enclosed(text) {
        text = inside;
    }
    text
}

/// What stands inside, where the first character opens what the last one closes. Knows the quotes
/// that PostgreSQL prints: `'…'` and `"…"` with doubled quotes, and `E'…'`, whose backslashes it
/// doubles.
fn enclosed(text: &str) -> Option<&str> {
    let inside = text.strip_prefix('(')?.strip_suffix(')')?;
    let mut depth = 0_usize;
    let mut quote = None;
    for it in inside.chars() {
        match (quote, it) {
            (Some(open), _) if open == it => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(it),
            (None, '(') => depth += 1,
            (None, ')') => depth = depth.checked_sub(1)?,
            (None, _) => {}
        }
    }
    Some(inside)
}

/// `reloptions`, `attoptions` and their kin: `name=value`, the value as it was typed.
pub(super) fn options(options: Option<Vec<String>>) -> Options {
    options
        .unwrap_or_default()
        .into_iter()
        .map(|it| match it.split_once('=') {
            Some((name, value)) => (name.to_owned(), value.to_owned()),
            None => (it, String::new()),
        })
        .collect()
}

/// `reloptions` and `attoptions` without what the server keeps there for itself.
pub(super) fn parameters(found: Option<Vec<String>>) -> Options {
    options(found).into_iter().filter(|(name, _)| !is_internal(name)).collect()
}

/// Reads what `format_type` printed.
pub(super) fn pg_type(text: &str) -> Result<PgType, CatalogError> {
    PgType::parse(text).map_err(|source| CatalogError::Type { text: text.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(printed: &str, expected: &str) {
        assert_eq!(without_outer_parentheses(printed), expected);
    }

    #[test]
    fn only_a_pair_around_the_whole_goes() {
        check("(a > 0)", "a > 0");
        check("((a > 0) AND (b > 0))", "(a > 0) AND (b > 0)");
        check("(a > 0) AND (b > 0)", "(a > 0) AND (b > 0)");
        check("((v)::halfvec(3))", "(v)::halfvec(3)");
        check("((a + b))", "a + b");
        check("lower(name)", "lower(name)");
        check("()", "");
    }

    #[test]
    fn quoted_parentheses_do_not_count() {
        check("(a <> ')'::text)", "a <> ')'::text");
        check("(a <> '('::text) AND (b = ')')", "(a <> '('::text) AND (b = ')')");
        check("(\"a)\" > 0)", "\"a)\" > 0");
        check("(a <> 'it''s ('::text)", "a <> 'it''s ('::text");
        check("(a <> E'\\\\'')'::text)", "a <> E'\\\\'')'::text");
    }

    #[test]
    fn parameters_keep_their_value_as_typed() {
        let options = vec!["fillfactor=70".to_owned(), "x=a=b".to_owned()];
        let read = parameters(Some(options));
        assert_eq!(read.get("fillfactor"), Some("70"));
        assert_eq!(read.get("x"), Some("a=b"));
        assert!(parameters(None).is_empty());
    }

    #[test]
    fn what_the_server_notes_for_itself_is_no_parameter() {
        let found = || Some(vec!["pg_attver=26739320".to_owned(), "n_distinct=5".to_owned()]);
        assert_eq!(parameters(found()), [("n_distinct", "5")].into_iter().collect());
        assert_eq!(options(found()).iter().count(), 2, "a wrapper may have any option");
    }
}
