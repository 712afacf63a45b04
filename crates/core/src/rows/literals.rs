//! The constants in a condition: values that it compares with often satisfy it.

/// A constant in a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Literal {
    /// A string.
    Text(String),
    /// A whole number.
    Number(i128),
}

/// The constants in a condition as PostgreSQL prints it, each once.
#[must_use]
pub fn literals(expression: &str) -> Vec<Literal> {
    let mut found = Vec::new();
    let mut rest = expression;
    while let Some(first) = rest.chars().next() {
        let (literal, used) = match first {
            '\'' => string(rest),
            '"' => (None, quoted(rest)),
            it if it.is_ascii_digit() => number(rest),
            // A digit in a name is no number.
            it if it.is_alphabetic() || it == '_' => {
                let word = |it: char| it.is_alphanumeric() || it == '_';
                (None, rest.find(|it| !word(it)).unwrap_or(rest.len()))
            }
            it => (None, it.len_utf8()),
        };
        let new = literal.into_iter().flat_map(parts);
        for it in new {
            if !found.contains(&it) {
                found.push(it);
            }
        }
        rest = &rest[used..];
    }
    found
}

/// A string and how long it is; `''` in it is a quote.
fn string(text: &str) -> (Option<Literal>, usize) {
    let mut value = String::new();
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, it)) = chars.next() {
        match (it, chars.peek()) {
            ('\'', Some((_, '\''))) => {
                value.push('\'');
                chars.next();
            }
            ('\'', _) => return (Some(Literal::Text(value)), at + 1),
            _ => value.push(it),
        }
    }
    (None, text.len())
}

fn quoted(text: &str) -> usize {
    text[1..].find('"').map_or(text.len(), |it| it + 2)
}

fn number(text: &str) -> (Option<Literal>, usize) {
    let length = text.find(|it: char| !it.is_ascii_digit()).unwrap_or(text.len());
    (text[..length].parse().ok().map(Literal::Number), length)
}

/// A constant, with what is in it: a number in quotes, as in `'10'::numeric`, the elements of an array.
fn parts(literal: Literal) -> Vec<Literal> {
    let Literal::Text(text) = &literal else { return vec![literal] };
    let inner = text.strip_prefix('{').and_then(|it| it.strip_suffix('}'));
    let elements = inner.into_iter().flat_map(|it| it.split(','));
    let mut all: Vec<Literal> =
        elements.map(|it| Literal::Text(it.trim_matches('"').to_owned())).collect();
    all.extend(text.parse().ok().map(Literal::Number));
    all.push(literal);
    all
}

/// Whether a condition names a column, as PostgreSQL prints names.
#[must_use]
pub fn mentions(expression: &str, column: &str) -> bool {
    let mut outside = String::new();
    let mut rest = expression;
    while let Some(first) = rest.chars().next() {
        let used = if first == '\'' { string(rest).1 } else { first.len_utf8() };
        if first != '\'' {
            outside.push(first);
        }
        rest = &rest[used..];
    }
    let word = |it: char| it.is_alphanumeric() || it == '_' || it == '$' || it == '"';
    outside.split(|it| !word(it)).any(|it| it == column)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(expression: &str, expected: &[&str]) {
        let shown: Vec<String> = literals(expression)
            .into_iter()
            .map(|it| match it {
                Literal::Text(text) => format!("'{text}'"),
                Literal::Number(number) => number.to_string(),
            })
            .collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn constants_are_found() {
        check("((price > (0)::numeric) AND (price < 100))", &["0", "100"]);
        check("(status = ANY (ARRAY['draft'::text, 'it''s'::text]))", &["'draft'", "'it's'"]);
        check("(a = ANY ('{x,y}'::text[]))", &["'x'", "'y'", "'{x,y}'"]);
        check("(n >= '-5'::integer)", &["-5", "'-5'"]);
        check("((a1 > b2) AND (\"c 3\" IS NULL) AND f_4(a1))", &[]);
        check("('open", &[]);
    }

    #[test]
    fn names_are_whole_words_outside_of_strings() {
        assert!(mentions("(lower(email) = email)", "email"));
        assert!(!mentions("(emails = 'email'::text)", "email"));
        assert!(mentions("(\"order\" > 0)", "\"order\""));
    }
}
